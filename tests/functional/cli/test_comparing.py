"""When a table changed, and what in it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from bedrot.sources.distrokid.synthetic import EarningsLine

Command = Callable[..., Any]
Export = Callable[..., Path]


@pytest.fixture
def restated(bedrot: Command, export: Export, filled: Path, line: EarningsLine) -> Path:
    """A second release: one line is restated, one is new."""
    lines = [
        replace(line, store="Deezer", earnings=Decimal("1.25")),
        replace(line, store="Tidal", earnings=Decimal(4)),
    ]
    bedrot("import", export(lines, "bank_20250401_120000.tsv"))
    bedrot("run")
    return filled


def test_history_lists_the_releases_that_changed_a_table(bedrot: Command, restated: Path) -> None:
    bedrot("run")
    newest, first = bedrot("history", "rpt_revenue_monthly", "--json").document["versions"]
    assert (newest["release"], newest["rows"], newest["rows_delta"]) == (2, 4, 1)
    assert (first["release"], first["rows"], first["rows_delta"]) == (1, 3, 3)
    assert newest["content_hash"] != first["content_hash"]
    assert "rpt_revenue_monthly: 2 version(s)" in bedrot("history", "rpt_revenue_monthly").out


def test_history_tells_hashes_that_verify_tells_too(bedrot: Command, restated: Path) -> None:
    verified = bedrot("verify", "--json").document["tables"]
    for table, told in verified.items():
        newest = bedrot("history", table, "--json").document["versions"][0]
        assert newest["content_hash"] == told["content_hash"]
    fast = bedrot("history", "dim_store", "--no-hashes", "--json").document["versions"]
    assert fast[0]["content_hash"] is None


def test_history_of_an_unknown_table_is_refused(bedrot: Command, filled: Path) -> None:
    assert "there is no table `nope`" in bedrot("history", "nope", code=2).err


@pytest.mark.parametrize(
    "table",
    [
        "rpt_revenue_monthly",
        "fct_royalty_line",
        "stg_distrokid__earnings",
        "stg_distrokid__earnings_restatements",
    ],
)
def test_diff_lists_restatements_and_who_brought_them(
    bedrot: Command, restated: Path, table: str
) -> None:
    told = bedrot("diff", table, "--json").document
    assert (told["table"], told["tables"]) == (table, ["stg_distrokid__earnings"])
    assert (told["count"], told["deltas"]) == (1, {"net_usd": "-0.25", "units": "0"})
    (change,) = told["restatements"]
    assert change["table"] == "stg_distrokid__earnings"
    assert change["old"] == {"units": 10, "net_usd": "1.5"}
    assert change["new"] == {"units": 10, "net_usd": "1.25"}
    assert (change["key"]["store"], change["is_conflict"]) == ("Deezer", False)
    assert change["captures"] == ["exports/bank_20250401_120000.tsv"]
    assert change["as_of"] == "2025-04-01T12:00:00Z"


def test_diff_says_when_nothing_was_restated(bedrot: Command, filled: Path) -> None:
    assert "nothing was restated" in bedrot("diff", "rpt_revenue_monthly").out


def test_releases_are_compared_by_the_key_of_the_table(bedrot: Command, restated: Path) -> None:
    told = bedrot("diff", "rpt_revenue_monthly", "--from", 1, "--json").document
    assert (told["from"], told["to"]) == (1, 2)
    assert (told["added"], told["removed"], told["changed"]) == (1, 0, 1)
    changed, added = told["rows"]
    assert (changed["old"]["net_usd"], changed["new"]["net_usd"]) == ("1.5", "1.25")
    assert changed["values"]["store"] == "Deezer"
    assert (added["change"], added["new"]["store"]) == ("added", "Tidal")
    net = next(m for m in told["money"] if m["column"] == "net_usd")
    assert (net["before"], net["after"], net["change"]) == ("3.85", "7.6", "3.75")


def test_tables_without_key_are_compared_row_by_row(bedrot: Command, restated: Path) -> None:
    told = bedrot("diff", "fct_royalty_line", "--from", 1, "--to", 2, "--json").document
    assert (told["added"], told["removed"], told["changed"]) == (2, 1, 0)
    assert [row["change"] for row in told["rows"]] == ["removed", "added", "added"]
    assert told["key"] == []


def test_the_comparison_is_shown_to_people(bedrot: Command, restated: Path) -> None:
    told = bedrot("diff", "rpt_revenue_monthly", "--from", 1, "--limit", 1).out
    assert "1 added, 0 removed, 1 changed by source, account_id" in told
    assert ["net_usd", "3.85", "7.6", "+3.75"] in [row.split() for row in told.splitlines()]
    assert "1 more; --limit shows them" in told
    assert "the same 4 row(s)" in bedrot("diff", "rpt_revenue_monthly", "--from", 2).out


@pytest.mark.parametrize(
    "arguments", [["--to", "1"], ["--from", "9"], ["--from", "soon"], ["--from", "2020-01-01"]]
)
def test_what_cannot_be_compared_is_refused(
    bedrot: Command, filled: Path, arguments: list[str]
) -> None:
    bedrot("diff", "rpt_revenue_monthly", *arguments, code=2)
