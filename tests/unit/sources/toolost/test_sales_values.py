"""The lines of a sales report are what it says of money: read, never computed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bedrot.errors import RejectedPayloadError
from bedrot.extract.streams import Stream
from bedrot.sources.toolost import SALES
from bedrot.sources.toolost.synthetic import SALES_HEADERS, SalesLine, write_sales
from bedrot.zones.parts import Profile

Typed = Callable[..., list[dict[str, Any]]]
Refused = Callable[[Stream, bytes], RejectedPayloadError]
Gate = Callable[[bytes], Profile]

LINE = SalesLine(
    transaction_id="T1",
    sale_date=date(2025, 3, 31),
    accounting_date=date(2025, 4, 20),
    reporting_date=date(2025, 5, 5),
    units=10,
    gross=Decimal("0.0400"),
)
AMOUNTS = st.decimals(Decimal(-(10**6)), Decimal(10**6), places=12)
TEXTS = st.text(
    st.characters(codec="utf-8", exclude_categories=("C", "Z")), min_size=1, max_size=20
)


def _with(header: str, value: str, **more: Any) -> bytes:
    return write_sales(
        [replace(LINE, more={header: value}, **more)], headers=(*SALES_HEADERS, header)
    )


@given(
    lines=st.lists(
        st.tuples(st.integers(0, 10**9), AMOUNTS, AMOUNTS, TEXTS), min_size=1, max_size=9
    ),
    newline=st.sampled_from(["\n", "\r\n"]),
    chance=st.randoms(use_true_random=False),
)
def test_rows_are_the_lines_in_any_order_of_columns(
    lines: list[tuple[int, Decimal, Decimal, str]], newline: Any, chance: Any, typed: Typed
) -> None:
    headers = [*SALES_HEADERS, "payable_usd"]
    chance.shuffle(headers)
    told = [
        replace(LINE, units=n, gross=gross, track_title=t, more={"payable_usd": f"{payable:f}"})
        for n, gross, payable, t in lines
    ]
    rows = typed(SALES, write_sales(told, headers=headers, newline=newline))
    assert [
        (row["units"], row["gross_amount"], row["net_usd"], row["track_title"]) for row in rows
    ] == lines


def test_three_dates_are_kept_apart(typed: Typed) -> None:
    row = typed(SALES, write_sales([LINE]))[0]
    assert (row["sale_date"], row["accounting_date"], row["reporting_date"]) == (
        date(2025, 3, 31),
        date(2025, 4, 20),
        date(2025, 5, 5),
    )
    assert row["reporting_month"] == "2025-05"


def test_without_a_payable_column_there_is_no_net(typed: Typed, gate: Gate) -> None:
    content = write_sales([replace(LINE, share="50%", fee="15%")], headers=SALES_HEADERS)
    row = typed(SALES, content)[0]
    assert row["gross_usd"] == Decimal("0.0400")
    assert (row["share_pct"], row["fee_pct"], row["net_usd"]) == (50, 15, None)
    assert "no_net" in {rule.name for rule in gate(content).rules}


def test_what_is_called_net_is_kept_and_not_taken_for_payable(typed: Typed) -> None:
    row = typed(SALES, _with("net_revenue", "0.0300"))[0]
    assert (row["net_reported"], row["net_usd"]) == (Decimal("0.0300"), None)


def test_amounts_in_another_currency_are_no_dollars(typed: Typed) -> None:
    row = typed(SALES, _with("payable", "0.0200", currency="EUR"))[0]
    assert (row["gross_amount"], row["currency_code"]) == (Decimal("0.0400"), "EUR")
    assert row["payable_amount"] == Decimal("0.0200")
    assert (row["gross_usd"], row["net_usd"]) == (None, None)


def test_a_line_in_dollars_is_payable_in_dollars(typed: Typed) -> None:
    assert typed(SALES, _with("Payable", "0.0200"))[0]["net_usd"] == Decimal("0.0200")


@pytest.mark.parametrize(("currency", "net"), [("usd", Decimal("0.0200")), ("EUR", None)])
def test_the_currency_of_what_is_payable_decides(
    currency: str, net: Decimal | None, typed: Typed
) -> None:
    more = {"payable": "0.0200", "payable_currency": currency}
    content = write_sales([replace(LINE, more=more)], headers=(*SALES_HEADERS, *more))
    assert typed(SALES, content)[0]["net_usd"] == net


def test_a_line_without_currency_has_no_dollars_and_is_said(typed: Typed, gate: Gate) -> None:
    content = _with("payable", "0.0200", currency="")
    row = typed(SALES, content)[0]
    assert (row["gross_usd"], row["net_usd"]) == (None, None)
    assert {"unknown_currency", "no_net"} <= {rule.name for rule in gate(content).rules}


@pytest.mark.parametrize(
    ("text", "percent"),
    [
        ("50%", Decimal(50)),
        ("33.333333 %", Decimal("33.333333")),
        ("0.5%", Decimal("0.5")),
        ("60", Decimal(60)),
        ("0", Decimal(0)),
        ("0.5", None),
        ("1", None),
        ("", None),
    ],
)
def test_a_share_is_a_percentage_only_where_that_is_certain(
    text: str, percent: Decimal | None, typed: Typed
) -> None:
    row = typed(SALES, write_sales([replace(LINE, share=text, fee=text)]))[0]
    assert (row["share_pct"], row["fee_pct"]) == (percent, percent)
    assert row["share_reported"] == (text or None)


def test_a_line_without_a_split_has_an_empty_key(typed: Typed) -> None:
    rows = typed(SALES, write_sales([LINE, replace(LINE, split_id="S1")]))
    assert [(row["split_id"], row["split_key"]) for row in rows] == [(None, ""), ("S1", "S1")]


@pytest.mark.parametrize(
    ("channel", "store", "is_known"),
    [("spotify", "Spotify", True), ("SPOTIFY ", "Spotify", True), ("Newtune", "Newtune", False)],
)
def test_stores_have_one_name(channel: str, store: str, is_known: bool, typed: Typed) -> None:
    row = typed(SALES, write_sales([replace(LINE, channel=channel)]))[0]
    assert (row["store"], row["is_known_store"]) == (store, is_known)


def test_a_line_that_stands_twice_is_an_error(gate: Gate) -> None:
    broken = {rule.name for rule in gate(write_sales([LINE, LINE])).rules if _is_error(rule)}
    assert broken == {"primary_key"}


@pytest.mark.parametrize(
    ("changed", "rule"),
    [
        ({"transaction_id": "1.20253E+17"}, "id_reshaped"),
        ({"track_id": "9E+15"}, "id_reshaped"),
        ({"isrc": "1.2E+10"}, "isrc_reshaped"),
        ({"upc": "4E+11"}, "id_reshaped"),
        ({"upc": "12"}, "upc_reshaped"),
        ({"sale_date": date(2025, 6, 1)}, "sale_after_reporting"),
        ({"share": "5000%"}, "share_out_of_range"),
    ],
)
def test_reshaped_or_impossible_values_are_errors(
    changed: dict[str, Any], rule: str, gate: Gate
) -> None:
    profile = gate(write_sales([replace(LINE, **changed)]))
    assert rule in {found.name for found in profile.rules if _is_error(found)}


@pytest.mark.parametrize(
    ("header", "value"),
    [
        ("units", "1e3"),
        ("units", "10.5"),
        ("unit_price", "0,04"),
        ("unit_price", "$0.04"),
        ("unit_price", "4E-05"),
        ("reporting_date", "05/05/2025"),
        ("sale_date", "2025-3-31"),
        ("share", "half"),
    ],
)
def test_values_in_another_form_set_the_report_aside(header: str, value: str, gate: Gate) -> None:
    content = write_sales([LINE], headers=(*SALES_HEADERS[:-1], "x")).decode().splitlines()
    fields = content[1].split(",")
    fields[SALES_HEADERS.index(header)] = f'"{value}"'
    with pytest.raises(RejectedPayloadError) as caught:
        gate(f"{content[0]}\r\n{','.join(fields)}\r\n".encode())
    assert caught.value.code == "unreadable_value"


def test_an_unknown_column_is_kept_out_and_said(gate: Gate) -> None:
    assert gate(_with("bonus_share", "1")).unknown_headers == ("bonus_share",)


@pytest.mark.parametrize("header", ["transaction_id", "split_id", "unit_price", "reporting_date"])
def test_a_needed_column_under_another_name_sets_the_report_aside(
    header: str, refused: Refused
) -> None:
    error = refused(SALES, write_sales([LINE], renamed={header: "other"}))
    assert error.code == "missing_column"
    assert f"`{header}`" in str(error)


def test_headers_may_be_written_as_words(typed: Typed) -> None:
    words = {header: header.replace("_", " ").title() for header in SALES_HEADERS}
    assert typed(SALES, write_sales([LINE], renamed=words)) == typed(SALES, write_sales([LINE]))


def _is_error(rule: Any) -> bool:
    return bool(rule.severity == "error")


def test_every_alias_stands_once_in_the_form_in_which_it_is_looked_up() -> None:
    aliases = [
        line.partition(",")[0] for line in SALES.aliases["toolost_channels"].splitlines()[1:]
    ]
    assert sorted(set(aliases)) == sorted(aliases)
    assert all(alias == " ".join(alias.lower().split()) for alias in aliases)


def test_codes_have_one_form_for_joins_and_keep_what_was_reported(typed: Typed) -> None:
    content = write_sales([replace(LINE, isrc="zz-bdr-25-00001", upc="0400000000013")])
    [row] = typed(SALES, content)
    assert (row["isrc"], row["isrc_reported"]) == ("ZZBDR2500001", "zz-bdr-25-00001")
    assert (row["upc"], row["upc_key"]) == ("0400000000013", "00400000000013")
