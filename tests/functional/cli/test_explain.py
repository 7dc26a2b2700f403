"""Any cell of a report leads to the records of files that it is made of."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest

from bedrot.sources.distrokid.synthetic import (
    CURRENT,
    LEGACY,
    EarningsLine,
    Layout,
    write_earnings,
)

Command = Callable[..., Any]
Export = Callable[..., Path]


def odd_lines(line: EarningsLine) -> list[EarningsLine]:
    """Equal lines, a deduction, no country, no codes, names full of quotes, an unknown store."""
    quoted = replace(
        line, artist='O\'Brien "The Mouth"', title='"Hush", said the sea', isrc="", earnings=2
    )
    return [
        line,
        line,
        replace(line, quantity=3, earnings=Decimal("-0.02345678")),
        replace(line, country=""),
        replace(quoted, earnings=Decimal("0.25")),
        replace(quoted, upc="", earnings=Decimal("0.5"), country=""),
        replace(line, store='A Store\'s "Own" Name', earnings=Decimal("1.5")),
        replace(line, team_percentage=Decimal(40), earnings=Decimal("0.75")),
        replace(line, reporting_date=date(2025, 2, 12), earnings=Decimal("0.00000001")),
    ]


@pytest.fixture(params=[LEGACY, CURRENT], ids=lambda layout: layout.name)
def layout(request: pytest.FixtureRequest) -> Layout:
    return request.param


@pytest.fixture
def records(bedrot: Command, tmp_path: Path, line: EarningsLine, layout: Layout) -> list[str]:
    """The records of an odd file that was imported and run, header first."""
    content = write_earnings(odd_lines(line), layout)
    path = tmp_path / f"bank_20250301_120000.{layout.extension}"
    path.write_bytes(content)
    bedrot("import", path)
    bedrot("run")
    return content.decode().removesuffix(layout.newline).split(layout.newline)


@pytest.mark.parametrize("table", ["rpt_revenue_monthly", "dim_store", "fct_royalty_line"])
def test_every_row_is_explained_by_the_records_it_is_made_of(
    bedrot: Command, records: list[str], table: str
) -> None:
    told = bedrot("explain", table, "--where", "true", "--limit", 99, "--json").document
    lines = [line for row in told["rows"] for line in row["lines"]]
    assert told["adds_up"]
    assert all(row["levels"][-1]["rows"] == len(row["lines"]) for row in told["rows"])
    assert [records[line["row"]] for line in lines] == [line["record"] for line in lines]
    assert sorted(line["row"] for line in lines) == list(range(1, len(records)))


def test_a_cells_money_is_the_sum_of_its_facts(bedrot: Command, records: list[str]) -> None:
    where = "use_type = 'stream' and country_code is not null and isrc is not null"
    told = bedrot("explain", "rpt_revenue_monthly", "--where", where, "--json").document
    assert told["matched"] == 1
    (row,) = told["rows"]
    facts = row["levels"][0]
    assert (facts["table"], facts["rows"]) == ("fct_royalty_line", 5)
    assert facts["totals"] == [
        {"column": "net_usd", "cell": "0.97345679", "total": "0.97345679", "adds_up": True}
    ]


@pytest.mark.parametrize(
    ("condition", "rows"),
    [
        ("country_code is null", 2),
        ("artist_name = 'O''Brien \"The Mouth\"'", 2),
        ("track_title like '\"Hush\"%' -- quoted", 2),
        ("store = 'A Store''s \"Own\" Name'", 1),
        ("deductions_usd < 0", 1),
        ("sale_month in (select max(sale_month) from fct_royalty_line)", 5),
    ],
)
def test_any_condition_on_the_table_is_taken(
    bedrot: Command, records: list[str], condition: str, rows: int
) -> None:
    told = bedrot("explain", "rpt_revenue_monthly", "--where", condition, "--json").document
    assert (told["matched"], told["adds_up"]) == (rows, True)


def test_the_record_is_printed_as_it_stands_in_the_file(
    bedrot: Command, records: list[str]
) -> None:
    told = bedrot("explain", "rpt_revenue_monthly", "--where", "country_code is null")
    assert f"   {records[0]}\n" in told.out
    assert f"   {records[6]}\n" in told.out
    assert told.out.count("adds up") == 4


def test_a_staging_row_leads_to_its_record(bedrot: Command, records: list[str]) -> None:
    table = "stg_distrokid__earnings"
    told = bedrot("explain", table, "--where", "net_usd < 0", "--json").document
    (row,) = told["rows"]
    assert row["levels"] == []
    assert [line["record"] for line in row["lines"]] == [records[3]]


def test_all_captures_of_a_file_are_named(
    bedrot: Command, export: Export, filled: Path, tmp_path: Path
) -> None:
    with ZipFile(tmp_path / "later_20250401_080000.zip", "w") as archive:
        archive.write(export(), "results.tsv")
    bedrot("import", tmp_path / "later_20250401_080000.zip")
    told = bedrot("explain", "fct_royalty_line", "--where", "net_usd < 0", "--json").document
    (file,) = told["files"].values()
    first, second = file["captures"]
    assert (first["name"], first["as_of"]) == (
        "exports/bank_20250301_120000.tsv",
        "2025-03-01T12:00:00Z",
    )
    assert (second["name"], second["as_of_from"]) == ("results.tsv", "name")
    assert "later_20250401_080000.zip#" in second["container"]
    text = bedrot("explain", "fct_royalty_line", "--where", "net_usd < 0").out
    assert "as of 2025-04-01T08:00:00Z (from the stamp in its name)" in text


def test_limits_cut_what_is_printed_and_not_what_is_counted(
    bedrot: Command, records: list[str]
) -> None:
    told = bedrot("explain", "dim_store", "--where", "true", "--limit", 1, "--records", 1)
    assert "dim_store, lake release 1: 2 row(s); the first 1 follow" in told.out
    told = bedrot("explain", "dim_store", "--where", "is_known_store", "--records", 2)
    assert "6 more record(s); --records prints them" in told.out


def test_an_earlier_lake_release_can_be_explained(
    bedrot: Command, export: Export, filled: Path, line: EarningsLine
) -> None:
    bedrot("import", export([replace(line, store="Tidal", earnings=Decimal(7))], "tidal.tsv"))
    bedrot("run")
    asked = ("explain", "rpt_revenue_monthly", "--where", "net_usd = 7", "--json")
    assert bedrot(*asked).document["release"] == 2
    assert "no row of" in bedrot(*asked, "--at", 1, code=1).err


def test_no_row_is_said_and_ends_with_1(bedrot: Command, filled: Path) -> None:
    told = bedrot("explain", "rpt_revenue_monthly", "--where", "net_usd > 1000", code=1)
    assert "no row of `rpt_revenue_monthly` in lake release 1 meets `net_usd > 1000`" in told.err


@pytest.mark.parametrize(
    "condition",
    [
        "net_usd > 1) or (1 = 1",
        "true) union all (select * from rpt_revenue_monthly",
        "true) order by (net_usd",
        "select 1",
        "",
        "no_such_column = 1",
        "net_usd = 'much'",
        "true; drop table x",
    ],
)
def test_what_is_no_condition_is_refused(bedrot: Command, filled: Path, condition: str) -> None:
    bedrot("explain", "rpt_revenue_monthly", "--where", condition, code=2)


@pytest.mark.parametrize("table", ["nope", "stg_distrokid__earnings_restatements"])
def test_a_table_without_records_is_refused(bedrot: Command, filled: Path, table: str) -> None:
    bedrot("explain", table, "--where", "true", code=2)


def test_a_report_that_its_facts_do_not_give_is_told(
    bedrot: Command, filled: Path, falsified: None
) -> None:
    told = bedrot("explain", "rpt_revenue_monthly", "--where", "net_usd = 8.25", code=5)
    assert "net_usd 8.25 against 2.25: DOES NOT ADD UP" in told.out
    assert "rows of `rpt_revenue_monthly` are not what the rows beneath them give" in told.err


@pytest.fixture
def falsified(filled: Path) -> None:
    """Publish a report in which the cell of 2.25 says 8.25."""
    from bedrot.catalog.records import Release
    from bedrot.pipeline.payloads import session
    from bedrot.pipeline.reading import release_at
    from bedrot.pipeline.tracing import marts_by_table
    from bedrot.pipeline.writing import TableWriter
    from bedrot.testing.lakes import NOW, throwaway_lake
    from bedrot.zones import journal
    from bedrot.zones.lake import CURATED
    from bedrot.zones.tables import open_table, scan_sql

    mart = marts_by_table()["rpt_revenue_monthly"]
    with throwaway_lake(filled) as lake, session(lake) as con:
        delta = open_table(lake, CURATED, mart.table)
        assert delta is not None
        con.execute(
            "create temp table false_rows as select * replace (net_usd + 6 as net_usd) from "
            + scan_sql(delta, "sale_month", frozenset({"2024-12"}))
        )
        writer = TableWriter(lake, CURATED, mart.contract, mart.definition_id, afresh=True)
        writer.offer(con, "false_rows", "2024-12", "false")
        version = writer.finish().state.version
        tables = {name: dict(told) for name, told in release_at(lake).tables.items()}
        tables[mart.table]["version"] = version
        journal.publish(lake, Release(number=2, created_at=NOW, run_id="false", tables=tables))
