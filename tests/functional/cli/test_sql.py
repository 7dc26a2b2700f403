from __future__ import annotations

import csv
import io
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from bedrot.sources.distrokid.synthetic import EarningsLine

ODD = """
select 1e3::decimal(18, 4) as amount, null as unknown, 'nan'::double as no_number,
    timestamptz '2025-01-01 02:00:00+02' as at, date '2025-01-01' as day, sum(7::bigint) as units,
    true as flag, '' as empty, 'a,"b"' as text, 0.00001::double as ratio
"""

Command = Callable[..., Any]
Export = Callable[..., Path]


def test_amounts_are_exact_and_in_plain_notation(bedrot: Command, filled: Path) -> None:
    told = bedrot("sql", "select sum(net_usd) as net from fct_royalty_line")
    assert told.out.splitlines()[-1].strip() == "3.85"


def test_json_is_a_list_of_objects_with_decimals_as_text(bedrot: Command, filled: Path) -> None:
    (row,) = bedrot("sql", ODD, "--format", "json").document
    assert row == {
        "amount": "1000",
        "unknown": None,
        "no_number": None,
        "at": "2025-01-01T00:00:00Z",
        "day": "2025-01-01",
        "units": 7,
        "flag": True,
        "empty": "",
        "text": 'a,"b"',
        "ratio": 0.00001,
    }


def test_csv_tells_unknown_from_empty(bedrot: Command, filled: Path) -> None:
    header, line = bedrot("sql", ODD, "--format", "csv").out.splitlines()
    assert header == "amount,unknown,no_number,at,day,units,flag,empty,text,ratio"
    assert line == '1000,,NaN,2025-01-01T00:00:00Z,2025-01-01,7,true,"","a,""b""",0.00001'
    assert next(csv.reader(io.StringIO(line)))[8] == 'a,"b"'


def test_no_rows_are_an_empty_list(bedrot: Command, filled: Path) -> None:
    query = "select * from fct_royalty_line where store = 'Nowhere'"
    assert bedrot("sql", query, "--format", "json").document == []


def test_parquet_keeps_types(bedrot: Command, filled: Path, tmp_path: Path) -> None:
    target = tmp_path / "lines.parquet"
    bedrot("sql", "select net_usd from fct_royalty_line order by 1", "--output", target)
    assert pq.read_table(target).column("net_usd").to_pylist()[-1] == Decimal("2.25")


@pytest.mark.parametrize("ending", ["json", "csv", "txt"])
def test_output_goes_to_a_file_whose_ending_names_the_format(
    bedrot: Command, filled: Path, tmp_path: Path, ending: str
) -> None:
    target = tmp_path / f"out.{ending}"
    told = bedrot("sql", "select 1 as one", "--output", target)
    assert told.out == ""
    expected = {
        "json": '[\n  {\n    "one": 1\n  }\n]\n',
        "csv": "one\n1\n",
        "txt": "one\n───\n  1\n",
    }
    assert target.read_text(encoding="utf-8") == expected[ending]


def test_a_dash_reads_the_query_from_standard_input(bedrot: Command, filled: Path) -> None:
    told = bedrot("sql", "-", "--format", "json", stdin="select count(*) as n from dim_store;")
    assert told.document == [{"n": 2}]


def test_an_earlier_release_is_asked_with_at(
    bedrot: Command, export: Export, filled: Path, line: EarningsLine
) -> None:
    bedrot("import", export([line], "second.tsv"), "--account", "second")
    bedrot("run")
    count = "select count(*) as n from fct_royalty_line"
    assert bedrot("sql", count, "--format", "json").document == [{"n": 5}]
    assert bedrot("sql", count, "--at", "1", "--format", "json").document == [{"n": 4}]


@pytest.mark.parametrize(
    "query",
    [
        "drop view fct_royalty_line",
        "select 1; select 2",
        "copy fct_royalty_line to 'x.csv'",
        "select * from read_csv('/etc/passwd')",
        "select nothing from fct_royalty_line",
        "selec 1",
        "",
    ],
)
def test_what_is_no_reading_select_is_refused(bedrot: Command, filled: Path, query: str) -> None:
    told = bedrot("sql", query, code=2)
    assert told.out == ""
    assert told.err.startswith("error: ")
    assert "next: " in told.err
    assert "Traceback" not in told.err


def test_two_columns_of_one_name_are_refused_as_objects(bedrot: Command, filled: Path) -> None:
    told = bedrot("sql", "select 1 as a, 2 as a", "--format", "json", code=2)
    assert "name them apart" in told.err


def test_a_value_that_cannot_be_shown_is_said(bedrot: Command, filled: Path) -> None:
    told = bedrot("sql", "select date 'infinity' as day", code=2)
    assert "column `day` holds a value that cannot be shown" in told.err
