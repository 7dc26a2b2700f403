"""Lineage: from the text of a query to the base columns behind a cell."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bedrot.engine.lineage import (
    ColumnRef,
    column_lineage,
    normalise_sql,
    table_inputs,
    table_lineage,
)
from bedrot.errors import ContractError, UnknownNameError

SCHEMA = {
    "lines": {"artist": "varchar", "store": "varchar", "net_usd": "decimal(22,12)", "units": "int"},
    "stores": {"store": "varchar", "store_name": "varchar"},
}
REPORT = """
with named as (
    select l.*, s.store_name
    from lines as l
    left join stores as s on s.store = l.store
    where l.artist <> 'x'
),
totals as (
    select artist, store_name, sum(net_usd) as net_usd, sum(units) as units, count(*) as line_count
    from named
    group by artist, store_name
)
select artist, store_name, net_usd, net_usd / nullif(units, 0) as usd_per_unit, line_count, 'v' as v
from totals
"""


def refs(*names: str) -> tuple[ColumnRef, ...]:
    pairs = (name.split(".") for name in names)
    return tuple(ColumnRef(table=table, column=column) for table, column in pairs)


@pytest.mark.parametrize(
    ("column", "origins"),
    [
        ("artist", ["lines.artist"]),
        ("store_name", ["stores.store_name"]),
        ("net_usd", ["lines.net_usd"]),
        ("NET_USD", ["lines.net_usd"]),
        ("usd_per_unit", ["lines.net_usd", "lines.units"]),
        ("line_count", []),
        ("v", []),
    ],
)
def test_a_column_comes_from_the_base_columns_behind_it(column: str, origins: list[str]) -> None:
    assert column_lineage(REPORT, column, schema=SCHEMA) == refs(*origins)


def test_lineage_goes_through_both_sides_of_a_union() -> None:
    sql = "select artist as name from lines union all select store_name from stores"
    assert column_lineage(sql, "name", schema=SCHEMA) == refs("lines.artist", "stores.store_name")


def test_lineage_goes_through_house_macros() -> None:
    sql = "select exact_decimal(clean_text(earnings)) as net_usd from source"
    schema = {"source": {"earnings": "varchar"}}
    assert column_lineage(sql, "net_usd", schema=schema) == refs("source.earnings")


def test_lineage_of_a_table_keeps_the_order_of_its_columns() -> None:
    found = table_lineage(REPORT, schema=SCHEMA)
    assert list(found) == [
        "artist", "store_name", "net_usd", "usd_per_unit", "line_count", "v",
    ]  # fmt: skip


def test_a_column_that_the_query_lacks_is_named_with_those_it_has() -> None:
    with pytest.raises(UnknownNameError, match="`nope`") as missing:
        column_lineage(REPORT, "nope", schema=SCHEMA)
    assert "usd_per_unit" in (missing.value.next_step or "")


@pytest.mark.parametrize("sql", ["select nope from lines", "select x from nowhere"])
def test_a_name_that_the_schema_lacks_is_no_guess(sql: str) -> None:
    with pytest.raises(ContractError, match="cannot be told"):
        table_lineage(sql, schema=SCHEMA)


def test_inputs_are_base_tables_anywhere_in_the_query() -> None:
    sql = """
        with lines as (select * from source)
        select * from lines join range(3) as r(i) on true
        where exists (select 1 from stores where stores.store = lines.store)
        union all
        select * from (select * from old_lines) as o
    """
    assert table_inputs(sql) == {"source", "stores", "old_lines"}


@pytest.mark.parametrize("sql", ["drop table x", "select 1; select 2", "select ("])
def test_what_is_not_one_select_has_no_lineage(sql: str) -> None:
    with pytest.raises(ContractError):
        table_inputs(sql)


@pytest.mark.parametrize(
    "same",
    [
        "select a,b from T where c='X y'",
        "SELECT a, b -- the first two\nFROM t\n\nWHERE c = 'X y';",
        "/* head */ select a,\tb from t where c = 'X y' -- end",
    ],
)
def test_layout_comments_and_case_do_not_count(same: str) -> None:
    assert normalise_sql(same) == "select a , b from t where c = 'X y'"


@given(value=st.text(alphabet="aA '-/*\u00e9", max_size=12))
def test_quoted_text_stays_as_it_is(value: str) -> None:
    literal = "'" + value.replace("'", "''") + "'"
    assert normalise_sql(f"SELECT {literal} -- x") == f"select {literal}"


def test_an_open_quote_is_an_error() -> None:
    with pytest.raises(ContractError, match="not closed"):
        normalise_sql("select 'a")
