"""What holds for every mart of these subjects: columns, names, and what is never summed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

import duckdb
import pytest

from bedrot.marts import Mart, all_marts
from bedrot.marts.ads.definitions import HERE, LEVELS, TABLES, definitions

Made = Callable[..., list[dict[str, Any]]]
MARTS = [m for m in all_marts() if m.subject in {"ads", "social", "links", "revenue", "streams"}]
PEOPLE = ("reach", "unique_clicks", "frequency", "follower_count", "unique_views", "_rate")


@pytest.mark.parametrize("path", sorted(definitions()))
def test_a_file_is_what_its_template_gives(path: str) -> None:
    written = HERE.joinpath(path).read_text(encoding="utf-8")
    assert written == definitions()[path], "python -m bedrot.marts.ads.definitions"


@pytest.mark.parametrize("mart", MARTS, ids=lambda mart: mart.table)
def test_a_mart_over_absent_tables_is_empty_and_has_its_contracts_columns(
    mart: Mart, made: Made, con: duckdb.DuckDBPyConnection
) -> None:
    assert made(mart.table) == []
    given = con.sql(mart.sql).columns
    assert given == [column.name for column in mart.contract.columns]


def test_no_figure_of_an_advertising_table_has_one_name_at_two_levels_or_natures() -> None:
    tables = {table % level for table in TABLES.values() for level in LEVELS}
    figures = Counter(
        column.name
        for mart in MARTS
        if mart.table in tables
        for column in mart.contract.columns
        if column.unit and column.unit != "days"
    )
    assert set(figures.values()) == {1}


@pytest.mark.parametrize("mart", MARTS, ids=lambda mart: mart.table)
def test_what_counts_people_or_is_a_level_or_a_rate_says_so(mart: Mart) -> None:
    for column in mart.contract.columns:
        if column.unit and column.name.endswith(PEOPLE):
            assert "NEVER TO BE SUMMED" in column.description, column.name


@pytest.mark.parametrize("mart", MARTS, ids=lambda mart: mart.table)
def test_money_in_dollars_is_called_so(mart: Mart) -> None:
    for column in mart.contract.columns:
        is_money = column.sql_type.startswith("decimal")
        if is_money and (column.name.endswith("_usd") or column.unit == "USD"):
            assert (column.name[-4:], column.unit) == ("_usd", "USD"), column.name
