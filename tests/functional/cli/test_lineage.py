"""From the header of an export to the cell of a report."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

Command = Callable[..., Any]


def test_revenue_reaches_the_header_of_the_export(bedrot: Command) -> None:
    told = bedrot("lineage", "rpt_revenue_monthly.net_usd").out
    assert "└─ fct_royalty_line.net_usd\n" in told
    assert (
        "   ├─ stg_distrokid__earnings.net_usd\n"
        "   │  └─ header `Earnings (USD)` of distrokid.earnings\n"
        "   └─ stg_toolost__sales.net_usd\n"
    ) in told
    assert told.endswith("goes into no other table\n")


def test_a_script_gets_the_headers(bedrot: Command) -> None:
    told = bedrot("lineage", "rpt_revenue_monthly.NET_USD", "--json").document
    assert told["column"] == "net_usd"
    assert {"Earnings (USD)", "payable_usd"} <= set(told["headers"])
    assert told["origins"][0]["origins"][0]["name"] == "stg_distrokid__earnings.net_usd"


def test_readers_are_told_up_to_the_report(bedrot: Command) -> None:
    told = bedrot("lineage", "stg_distrokid__earnings.units").out
    assert "   ├─ rpt_revenue_monthly.units\n" in told.replace("│  ├", "   ├")
    assert "stg_distrokid__earnings_restatements.new_units" in told


@pytest.mark.parametrize("column", ["account_id", "_file_id", "as_of", "landed_at"])
def test_what_the_merge_adds_comes_from_the_capture_record(bedrot: Command, column: str) -> None:
    told = bedrot("lineage", f"fct_royalty_line.{column}").out
    assert f"capture record: distrokid.earnings {column}" in told


def test_a_table_lists_all_its_columns(bedrot: Command) -> None:
    told = bedrot("lineage", "dim_store").out
    assert "made by: mart of revenue, from fct_royalty_line" in told
    assert "alias data: distrokid_stores.use_type, looked up by the reported name" in told
    columns = bedrot("lineage", "dim_store", "--json").document["columns"]
    assert len(columns) == 8


@pytest.mark.parametrize("name", ["nope", "dim_store.nope", "nope.net_usd"])
def test_an_unknown_name_is_refused(bedrot: Command, name: str) -> None:
    assert "next: " in bedrot("lineage", name, code=2).err
