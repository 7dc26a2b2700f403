"""Royalty lines of two distributors: what is known is summed, what is not is counted."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from bedrot.pipeline.explaining import explain
from bedrot.sources.toolost.synthetic import SALES_HEADERS, SalesLine, write_sales
from bedrot.testing.lakes import publish, rows_of, throwaway_lake
from bedrot.testing.ledgers import Export, export, line
from bedrot.zones.lake import Lake


def sold(transaction_id: str, **other: Any) -> SalesLine:
    told: dict[str, Any] = {
        "transaction_id": transaction_id,
        "sale_date": date(2025, 2, 3),
        "accounting_date": date(2025, 3, 1),
        "reporting_date": date(2025, 4, 1),
        "units": 100,
        "gross": Decimal("0.5"),
        **other,
    }
    return SalesLine(**told)


def usd(amount: str) -> dict[str, str]:
    return {"payable_usd": amount}


LINES = [
    sold("whole", country="DE", more=usd("0.4")),
    sold("split", country="FR", split_id="s1", share="60%", more=usd("0.24")),
    sold("split", country="FR", split_id="s2", share="40%", more=usd("0.16")),
    sold("euro", country="AT", currency="EUR", more={"payable": "0.7"}),
    sold("euro and dollars", country="IT", currency="EUR", more={"payable": "0.7"}),
    sold("dollars", country="IT", more=usd("0.1")),
    sold("all of a split", country="GB", split_id="s9", share="100%", more=usd("0.1")),
    sold("third", country="JP", share="33.3333333%", more=usd("0.1")),
    sold("taken back", country="US", gross=Decimal("-0.5"), more=usd("-0.4")),
    sold("nothing payable", country="SE"),
    sold(
        "cut in splits",
        country="CH",
        split_id="s1",
        share="1%",
        gross=Decimal("-0.01"),
        more=usd("0.00"),
    ),
    sold("free", country="NO", gross=Decimal("0.00"), more=usd("0.00")),
]


@pytest.fixture(scope="module")
def lake(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lake]:
    """TooLost's lines beside one of DistroKid, of one account name."""
    content = write_sales(LINES, headers=(*SALES_HEADERS, "payable_usd", "payable"))
    with throwaway_lake(tmp_path_factory.mktemp("royalties") / "lake") as opened:
        publish(
            opened,
            Export(name="sales_20250501_120000.csv", content=content),
            export([line("1.5", country="DE")], "20250401"),
        )
        yield opened


def fact(lake: Lake, transaction_id: str) -> list[dict[str, Any]]:
    where = f"transaction_id = '{transaction_id}' order by split_id"
    return rows_of(lake, f"select * from fct_royalty_line where {where}")


def report(lake: Lake, country: str) -> dict[str, Any]:
    where = f"source = 'toolost' and country_code = '{country}'"
    (row,) = rows_of(lake, f"select * from rpt_revenue_monthly where {where}")
    return row


def test_a_line_in_dollars_is_mapped_as_it_stands(lake: Lake) -> None:
    (row,) = fact(lake, "whole")
    assert (row["net_usd"], row["net_amount"], row["net_currency_code"]) == (
        Decimal("0.4"),
        Decimal("0.4"),
        "USD",
    )
    assert (row["units"], row["split_pct"], row["sale_month"]) == (100, Decimal(100), "2025-02")
    assert (row["store"], row["use_type"], row["line_type"]) == ("Spotify", "stream", "sale")


def test_another_currency_is_no_net_in_dollars(lake: Lake) -> None:
    (row,) = fact(lake, "euro")
    assert (row["net_usd"], row["net_amount"], row["net_currency_code"]) == (
        None,
        Decimal("0.7"),
        "EUR",
    )


def test_gross_is_never_taken_for_net(lake: Lake) -> None:
    (row,) = fact(lake, "nothing payable")
    assert (row["net_usd"], row["net_amount"], row["net_currency_code"]) == (None, None, None)


def test_an_amount_below_zero_is_a_deduction(lake: Lake) -> None:
    (row,) = fact(lake, "taken back")
    assert (row["line_type"], report(lake, "US")["deductions_usd"]) == (
        "deduction",
        Decimal("-0.4"),
    )


def test_a_split_of_a_deduction_that_rounds_to_nothing_is_no_sale(lake: Lake) -> None:
    (row,) = fact(lake, "cut in splits")
    told = report(lake, "CH")
    assert (row["line_type"], row["net_usd"]) == ("deduction", 0)
    assert (told["units"], told["deducted_units"]) == (0, 100)


def test_a_line_of_nothing_at_all_is_a_sale(lake: Lake) -> None:
    (row,) = fact(lake, "free")
    assert (row["line_type"], row["net_usd"]) == ("sale", 0)


def test_splits_of_one_transaction_count_its_units_once(lake: Lake) -> None:
    assert [(r["units"], r["transaction_units"]) for r in fact(lake, "split")] == [(None, 100)] * 2
    row = report(lake, "FR")
    assert (row["units"], row["net_usd"], row["usd_per_unit"]) == (100, Decimal("0.4"), None)


def test_a_split_that_is_all_of_it_keeps_its_units(lake: Lake) -> None:
    (row,) = fact(lake, "all of a split")
    assert (row["units"], row["transaction_units"]) == (100, None)


def test_a_share_is_not_rounded(lake: Lake) -> None:
    (row,) = fact(lake, "third")
    assert row["split_pct"] is None
    assert report(lake, "JP")["usd_per_unit"] is None


def test_a_sum_of_unknown_nets_is_unknown(lake: Lake) -> None:
    row = report(lake, "AT")
    assert (row["net_usd"], row["earnings_usd"], row["usd_per_unit"]) == (None, None, None)
    assert (row["lines_without_net_usd"], row["units"], row["deductions_usd"]) == (1, 100, 0)


def test_a_sum_that_lacks_a_line_says_so(lake: Lake) -> None:
    row = report(lake, "IT")
    assert (row["net_usd"], row["lines_without_net_usd"]) == (Decimal("0.1"), 1)
    assert row["usd_per_unit"] is None


def test_whole_lines_have_a_rate(lake: Lake) -> None:
    row = report(lake, "DE")
    assert (row["lines_without_net_usd"], row["usd_per_unit"]) == (0, 0.004)


def test_the_report_comes_to_what_the_lines_come_to(lake: Lake) -> None:
    (told,) = rows_of(
        lake,
        "select (select sum(net_usd) from fct_royalty_line) as lines, "
        "(select sum(net_usd) from rpt_revenue_monthly) as report, "
        "(select count(*) from fct_royalty_line where net_usd is null) as unknown, "
        "(select sum(lines_without_net_usd) from rpt_revenue_monthly) as said",
    )
    assert (told["lines"], told["unknown"]) == (Decimal("2.2"), 3)
    assert (told["report"], told["said"]) == (told["lines"], told["unknown"])


def test_stores_are_those_of_each_distributor(lake: Lake) -> None:
    told = rows_of(lake, "select source, store from dim_store order by source")
    assert [tuple(row.values()) for row in told] == [
        ("distrokid", "Spotify"),
        ("toolost", "Spotify"),
    ]


def test_feeds_of_two_distributors_are_not_compared(lake: Lake) -> None:
    told = rows_of(lake, "select account_id, sold_units from rpt_feed_agreement")
    assert [row["sold_units"] for row in told] == [10]


@pytest.mark.parametrize("table", ["fct_royalty_line", "rpt_revenue_monthly", "dim_store"])
def test_every_cell_leads_to_its_records(lake: Lake, table: str) -> None:
    told = explain(lake, table, "true", rows=99)
    assert told.adds_up
    assert sum(row.line_count for row in told.rows) == len(LINES) + 1
