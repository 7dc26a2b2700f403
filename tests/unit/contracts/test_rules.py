"""Rules: each promise of a contract finds the rows that break it, and no others."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

import duckdb
import pyarrow as pa
import pytest

from bedrot.contracts.model import Contract, Rule
from bedrot.contracts.rules import failing_rows
from bedrot.contracts.schema import arrow_schema
from bedrot.engine.session import connect
from bedrot.errors import ContractError

Document = dict[str, Any]
Read = Callable[[Document], Contract]
ColumnOf = Callable[[Document, str], Document]

GOOD = {
    "closing_date": dt.date(2024, 1, 31),
    "closing_month": "2024-01",
    "country_code": "NA",
    "units": 2,
    "net_usd": Decimal("1.000000000001"),
}


@pytest.fixture(scope="module")
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    with connect(threads=1) as session:
        yield session


def named(contract: Contract, name: str) -> Rule:
    return next(rule for rule in contract.rules if rule.name == name)


def failing(
    con: duckdb.DuckDBPyConnection, contract: Contract, name: str, *changes: Document
) -> list[Document]:
    """What of a good row and its changed copies breaks the rule, as the changes that did it."""
    rows = [GOOD, *({**GOOD, **change} for change in changes)]
    con.register("looked_at", pa.Table.from_pylist(rows, schema=arrow_schema(contract)))
    found = failing_rows(con, contract, named(contract, name), relation="looked_at")
    return [
        {key: value for key, value in row.items() if key in GOOD and value != GOOD[key]}
        for row in found
    ]


def test_required_columns_are_errors(
    document: Document, read: Read, con: duckdb.DuckDBPyConnection
) -> None:
    contract = read(document)
    assert [(rule.name, rule.severity) for rule in contract.rules] == [
        ("closing_date_required", "error"),
        ("closing_month_required", "error"),
        ("net_usd_required", "error"),
    ]
    assert failing(con, contract, "net_usd_required", {"net_usd": None}) == [{"net_usd": None}]


@pytest.mark.parametrize(
    "case",
    [
        ("country_code", {"minLength": 2}, "min_length", "N"),
        ("country_code", {"maxLength": 2}, "max_length", "NAM"),
        ("country_code", {"pattern": "^[A-Z]{2}$"}, "pattern", "NAX"),
        ("country_code", {"pattern": r"^\p{Lu}[[:alpha:]]$"}, "pattern", "N1"),
        ("country_code", {"pattern": "^(NA|it's)$"}, "pattern", "US"),
        ("units", {"minimum": 0}, "minimum", -1),
        ("units", {"maximum": 9}, "maximum", 10),
        ("units", {"exclusiveMinimum": 0}, "exclusive_minimum", 0),
        ("units", {"exclusiveMaximum": 9}, "exclusive_maximum", 9),
        ("net_usd", {"maximum": 1.1}, "maximum", Decimal("1.100000000001")),
        ("net_usd", {"minimum": 1e-9}, "minimum", Decimal("0.000000000999")),
        ("closing_date", {"minimum": "2015-01-01"}, "minimum", dt.date(2014, 12, 31)),
    ],
)
def test_an_option_finds_the_bad_value_and_leaves_null(
    document: Document,
    read: Read,
    column: ColumnOf,
    con: duckdb.DuckDBPyConnection,
    case: tuple[str, Document, str, object],
) -> None:
    name, options, rule, bad = case
    column(document, name)["logicalTypeOptions"] = options
    contract = read(document)
    assert named(contract, f"{name}_{rule}").severity == "warning"
    found = failing(con, contract, f"{name}_{rule}", {name: bad}, {name: None})
    assert found == [{name: bad}]


@pytest.mark.parametrize(
    "case",
    [
        ({"metric": "nullValues"}, "country_code_null_values", None),
        (
            {"metric": "invalidValues", "arguments": {"validValues": ["NA", "it's"]}},
            "country_code_invalid_values",
            "US",
        ),
        (
            {"metric": "invalidValues", "arguments": {"pattern": "^N.$"}, "name": "north"},
            "north",
            "US",
        ),
        (
            {"metric": "missingValues", "arguments": {"missingValues": ["", "n/a"]}},
            "country_code_missing_values",
            "n/a",
        ),
    ],
)
def test_a_quality_metric_finds_the_bad_value(
    document: Document,
    read: Read,
    column: ColumnOf,
    con: duckdb.DuckDBPyConnection,
    case: tuple[Document, str, object],
) -> None:
    quality, rule, bad = case
    column(document, "country_code")["quality"] = [{**quality, "mustBe": 0, "severity": "info"}]
    contract = read(document)
    assert named(contract, rule).severity == "info"
    assert failing(con, contract, rule, {"country_code": bad}) == [{"country_code": bad}]


def test_duplicates_are_every_row_that_agrees_but_not_nulls(
    document: Document, read: Read, column: ColumnOf, con: duckdb.DuckDBPyConnection
) -> None:
    column(document, "units")["unique"] = True
    column(document, "country_code")["quality"] = [
        {"metric": "duplicateValues", "mustBe": 0, "description": "Once each."}
    ]
    contract = read(document)
    assert named(contract, "units_unique").severity == "error"
    assert named(contract, "country_code_duplicate_values").description == "Once each."
    changes = ({"units": 2}, {"units": 3}, {"units": None}, {"units": None})
    assert failing(con, contract, "units_unique", *changes) == [{}, {}]


def test_a_primary_key_takes_null_for_a_value(
    document: Document, read: Read, column: ColumnOf, con: duckdb.DuckDBPyConnection
) -> None:
    document["customProperties"][:] = [
        {"property": "tableKind", "value": "flow"},
        {"property": "period", "value": "closing_date"},
        {"property": "measures", "value": ["units"]},
    ]
    column(document, "closing_date")["primaryKey"] = True
    column(document, "country_code")["primaryKey"] = True
    contract = read(document)
    assert named(contract, "primary_key").severity == "error"
    changes = ({"country_code": None}, {"country_code": None}, {"country_code": "US"})
    assert failing(con, contract, "primary_key", *changes) == [{"country_code": None}] * 2


def test_table_quality_becomes_the_rows_that_it_counts(
    document: Document, read: Read, con: duckdb.DuckDBPyConnection
) -> None:
    document["schema"][0]["quality"] = [
        {
            "name": "money_for_nothing",
            "description": "Money without units is odd.",
            "type": "sql",
            "query": "SELECT COUNT(*) FROM stg_shop__sales WHERE units = 0 AND net_usd > 1",
            "mustBe": 0,
        },
        {
            "name": "country_once_a_day",
            "description": "One line per country and day.",
            "metric": "duplicateValues",
            "arguments": {"properties": ["closing_date", "country_code"]},
            "mustBe": 0,
            "severity": "error",
        },
        {"type": "text", "description": "People look at it every month."},
    ]
    contract = read(document)
    rule = named(contract, "money_for_nothing")
    assert (rule.severity, rule.description) == ("warning", "Money without units is odd.")
    assert failing(con, contract, "money_for_nothing", {"units": 0}) == [{"units": 0}]
    changes = ({"units": 0}, {"country_code": "US"})
    assert failing(con, contract, "country_once_a_day", *changes) == [{}, {"units": 0}]


@pytest.mark.parametrize(
    ("query", "finding"),
    [
        ("select count(*) from stg_shop__sales", "has to be `select count"),
        ("select count(units) from stg_shop__sales where true", "has to be `select count"),
        ("select 1 from stg_shop__sales where true", "has to be `select count"),
        ("select count(*) from other where true", "reads its own table only"),
        ("select count(*) from stg_shop__sales where nope = 1", "names `nope`"),
        ("select count(*) from stg_shop__sales where true group by units", "has to be"),
        ("select count(*) from stg_shop__sales where units in (select x from o)", "own table"),
        ("select count( from", "cannot be read as SQL"),
        ("delete from stg_shop__sales where true", "has to be `select count"),
    ],
)
def test_other_sql_is_refused(document: Document, read: Read, query: str, finding: str) -> None:
    document["schema"][0]["quality"] = [
        {"name": "odd", "description": "Odd.", "type": "sql", "query": query, "mustBe": 0}
    ]
    with pytest.raises(ContractError, match=finding):
        read(document)


def test_sql_may_look_at_the_table_again(
    document: Document, read: Read, con: duckdb.DuckDBPyConnection
) -> None:
    document["schema"][0]["quality"] = [
        {
            "name": "below_the_top",
            "description": "All are the top.",
            "type": "sql",
            "query": "select count(*) from stg_shop__sales as s where s.units < "
            "(select max(t.units) from stg_shop__sales as t)",
            "mustBe": 0,
        }
    ]
    contract = read(document)
    assert failing(con, contract, "below_the_top", {"units": 3}) == [{}]


@pytest.mark.parametrize(
    "query",
    [
        "select count(*) from stg_shop__sales as s where s.units < 1",
        "select count(*) from stg_shop__sales where units < (select 1)",
        "select count(*) from (select * from stg_shop__sales) as s where units < 1",
        "select count(*) from stg_shop__sales where units < sum(units) over ()",
    ],
)
def test_what_looks_at_more_than_a_row_of_the_table_has_no_condition(
    document: Document, read: Read, query: str
) -> None:
    document["schema"][0]["quality"] = [
        {"name": "odd", "description": "Odd.", "type": "sql", "query": query, "mustBe": 0}
    ]
    assert named(read(document), "odd").condition is None


def test_a_condition_finds_the_rows_that_its_rule_finds(
    document: Document, read: Read, column: ColumnOf, con: duckdb.DuckDBPyConnection
) -> None:
    column(document, "country_code")["quality"] = [
        {"metric": "invalidValues", "arguments": {"pattern": "^[A-Z]{2}$"}, "mustBe": 0}
    ]
    document["schema"][0]["quality"] = [
        {
            "name": "odd",
            "description": "Odd.",
            "type": "sql",
            "query": "select count(*) from stg_shop__sales where units < 0 or net_usd > 5",
            "mustBe": 0,
        }
    ]
    contract = read(document)
    changes: list[Document] = [{"country_code": "n"}, {"units": -1}, {"net_usd": Decimal(6)}]
    conditions = {rule.name: rule.condition for rule in contract.rules if rule.condition}
    assert {"odd", "country_code_invalid_values", "closing_date_required"} <= set(conditions)
    for name, condition in conditions.items():
        found = failing(con, contract, name, *changes)
        counted = con.execute(f"select count(*) from looked_at where {condition}").fetchall()
        assert counted[0][0] == len(found)


@pytest.mark.parametrize(
    ("quality", "finding"),
    [
        ({"metric": "nullValues"}, "`mustBe: 0`"),
        ({"metric": "nullValues", "mustBe": 1}, "`mustBe: 0`"),
        ({"metric": "nullValues", "mustBe": False}, "`mustBe: 0`"),
        ({"metric": "nullValues", "mustBeLessThan": 5}, "`mustBe: 0`"),
        ({"metric": "nullValues", "mustBe": 0, "severity": "fatal"}, "severity `fatal`"),
        ({"metric": "rowCount", "mustBe": 0}, "is not checked here"),
        ({"metric": "invalidValues", "mustBe": 0}, "is not checked here"),
        ({"type": "custom", "engine": "soda", "mustBe": 0}, "of type `custom`"),
        (
            {"metric": "invalidValues", "arguments": {"validValues": [False]}, "mustBe": 0},
            "not a `string`: .False",
        ),
        (
            {"metric": "invalidValues", "arguments": {"validValues": []}, "mustBe": 0},
            "needs a list",
        ),
        (
            {"metric": "invalidValues", "arguments": {"pattern": "N."}, "mustBe": 0},
            "start it with",
        ),
    ],
)
def test_quality_that_is_not_checked_is_refused(
    document: Document, read: Read, column: ColumnOf, quality: Document, finding: str
) -> None:
    column(document, "country_code")["quality"] = [quality]
    with pytest.raises(ContractError, match=finding):
        read(document)


@pytest.mark.parametrize(
    ("quality", "finding"),
    [
        ({"metric": "rowCount", "mustBe": 0}, "needs a `name` and a `description`"),
        ({"type": "sql", "query": "select 1", "mustBe": 0}, "needs a `name`"),
        ({"type": "sql", "query": "select 1", "mustBeGreaterThan": 0}, "`mustBe: 0`"),
        (
            {"name": "a", "description": "b", "metric": "rowCount", "mustBe": 0},
            "only duplicateValues",
        ),
        (
            {
                "name": "a", "description": "b", "metric": "duplicateValues",
                "arguments": {"properties": ["nope"]}, "mustBe": 0,
            },
            "names `nope`",
        ),
    ],
)  # fmt: skip
def test_table_quality_that_is_not_checked_is_refused(
    document: Document, read: Read, quality: Document, finding: str
) -> None:
    document["schema"][0]["quality"] = [quality]
    with pytest.raises(ContractError, match=finding):
        read(document)


@pytest.mark.parametrize(
    ("name", "options", "finding"),
    [
        ("country_code", {"pattern": "[A-Z]+"}, "start it with"),
        ("country_code", {"pattern": "^(?=a)b$"}, "look-around"),
        ("country_code", {"pattern": "^(a$"}, "not a regular expression"),
        ("country_code", {"pattern": 7}, "has to be a text"),
        ("country_code", {"minLength": "two"}, "whole number"),
        ("country_code", {"minimum": 1}, "not checked here for a `string`"),
        ("units", {"minimum": 0.5}, "has to be a `integer`"),
        ("units", {"multipleOf": 2}, "is not checked here"),
        ("net_usd", {"minimum": float("inf")}, "has to be a `number`"),
        ("closing_date", {"minimum": "2015-1-1"}, "has to be a `date`"),
        ("closing_date", {"minimum": dt.date(2015, 1, 1)}, "has to be a `date`"),
    ],
)
def test_options_that_are_not_checked_are_refused(
    document: Document, read: Read, column: ColumnOf, name: str, options: Document, finding: str
) -> None:
    column(document, name)["logicalTypeOptions"] = options
    with pytest.raises(ContractError, match=finding):
        read(document)


def test_two_rules_do_not_share_a_name(document: Document, read: Read, column: ColumnOf) -> None:
    quality = {"metric": "nullValues", "mustBe": 0}
    column(document, "units")["quality"] = [quality, quality]
    with pytest.raises(ContractError, match="`units_null_values` stands 2 times"):
        read(document)


def test_failing_rows_stop_at_the_limit(
    document: Document, read: Read, con: duckdb.DuckDBPyConnection
) -> None:
    contract = read(document)
    rows = [{**GOOD, "net_usd": None}] * 5
    con.register(contract.table, pa.Table.from_pylist(rows, schema=arrow_schema(contract)))
    rule = named(contract, "net_usd_required")
    assert len(failing_rows(con, contract, rule)) == 5
    assert len(failing_rows(con, contract, rule, limit=2)) == 2


def test_failing_rows_keep_times_aware(
    document: Document, read: Read, con: duckdb.DuckDBPyConnection
) -> None:
    contract = read(document)
    landed = dt.datetime(2024, 5, 1, 12, tzinfo=dt.UTC)
    rows = [{**GOOD, "net_usd": None, "landed_at": landed}]
    con.register("timed", pa.Table.from_pylist(rows, schema=arrow_schema(contract)))
    rule = named(contract, "net_usd_required")
    (found,) = failing_rows(con, contract, rule, relation="timed")
    assert found["landed_at"] == landed
