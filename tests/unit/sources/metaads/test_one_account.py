"""A file is of one ad account in one currency, and an export tells whose it is as JSON does."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bedrot.sources.metaads import CAMPAIGN_INSIGHTS_DAILY
from bedrot.sources.metaads.insight_tables import figures
from bedrot.sources.metaads.masking import holder
from bedrot.sources.metaads.synthetic import Figures, dump, export_csv, insight_object

READ = figures("campaign", "daily")


def _export(days: list[Figures], header: str, *values: str, **told: Any) -> bytes:
    """An export with one more column before all others; its line of totals leaves it empty."""
    lines = export_csv(days, by_day=True, encoding="utf-8", **told).decode().splitlines()
    cells = [header, "", *values]
    return ("\n".join(f"{a},{b}" for a, b in zip(cells, lines, strict=True)) + "\n").encode()


def _pair(day: Figures) -> list[Figures]:
    return [day, replace(day, campaign_id="120200000000010076")]


def test_two_currencies_in_one_file_are_set_aside(day: Figures, code: Any) -> None:
    usd, eur = _pair(day)
    told = [
        insight_object(replace(usd, currency="USD")),
        insight_object(replace(eur, currency="EUR")),
    ]
    assert code(READ, dump(told)) == "several_currencies"


def test_two_currencies_in_a_column_are_set_aside(day: Figures, code: Any) -> None:
    content = _export(_pair(day), "Currency", "USD", "EUR").replace(b" (USD)", b"")
    assert code(READ, content) == "several_currencies"


def test_two_names_of_accounts_are_two_accounts(day: Figures, code: Any) -> None:
    assert code(READ, _export(_pair(day), "Account name", "A", "B")) == "several_accounts"
    told = [insight_object(one) | {"account_name": one.campaign_id} for one in _pair(day)]
    assert code(READ, dump(told)) == "several_accounts"


def test_a_currency_that_contradicts_the_header_is_set_aside(day: Figures, code: Any) -> None:
    assert code(READ, _export([day], "Currency", "EUR")) == "several_currencies"


@pytest.mark.parametrize("written", ["USD", "usd", ""])
def test_a_currency_that_agrees_with_the_header_is_the_files(
    written: str, day: Figures, rows: Any
) -> None:
    [found] = rows(CAMPAIGN_INSIGHTS_DAILY, _export([day], "Currency", written))
    assert found["currency_code"] == "USD"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le"])
@pytest.mark.parametrize("account", ["900000000000001", "act_900000000000001"])
def test_an_export_is_of_the_holder_that_its_column_names(
    account: str, encoding: str, day: Figures, tmp_path: Path
) -> None:
    path = tmp_path / "payload"
    path.write_bytes(dump([insight_object(replace(day, account_id="900000000000001"))]))
    told = holder(path)
    path.write_bytes(_export([day], "Account ID", account).decode().encode(encoding))
    assert holder(path) == told is not None


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-be", "utf-32"])
def test_a_wide_encoding_hides_no_holder(encoding: str, day: Figures, tmp_path: Path) -> None:
    path = tmp_path / "payload"
    content = dump([insight_object(replace(day, account_id="900000000000001"))])
    path.write_bytes(content)
    told = holder(path)
    path.write_bytes(content.decode().encode(encoding))
    assert holder(path) == told is not None


@pytest.mark.parametrize("values", [("111", "222"), ("", ""), ("1.2E+14", "1.2E+14")])
def test_an_export_of_no_single_account_has_no_holder(
    values: tuple[str, str], day: Figures, tmp_path: Path
) -> None:
    path = tmp_path / "payload"
    path.write_bytes(_export(_pair(day), "Account ID", *values))
    assert holder(path) is None


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\xfe",
        b"Account ID\n111\n",
        b"\x00\x01\x00",
        b'Account ID,Amount spent,Reporting starts\n"111',
    ],
)
def test_what_is_no_whole_export_has_a_holder_or_none(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "payload"
    path.write_bytes(content)
    assert holder(path) is None
