"""Types: a contract as Arrow and as DuckDB see it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pyarrow as pa
import pytest

from bedrot.contracts.column_types import decimal_parts, default_type, fits, normal_type
from bedrot.contracts.model import Contract
from bedrot.contracts.schema import arrow_schema, duckdb_types
from bedrot.engine.session import connect

Document = dict[str, Any]
Read = Callable[[Document], Contract]


def test_an_arrow_schema_has_content_then_bookkeeping(document: Document, read: Read) -> None:
    assert arrow_schema(read(document)) == pa.schema(
        [
            ("closing_date", pa.date32()),
            ("closing_month", pa.string()),
            ("country_code", pa.string()),
            ("units", pa.int64()),
            ("net_usd", pa.decimal128(22, 12)),
            ("_file_id", pa.string()),
            ("_row", pa.int64()),
            ("as_of", pa.timestamp("us", tz="UTC")),
            ("landed_at", pa.timestamp("us", tz="UTC")),
        ]
    )


def test_duckdb_gives_back_the_arrow_schema_of_its_types(document: Document, read: Read) -> None:
    contract = read(document)
    columns = ", ".join(f"cast(null as {t}) as {n}" for n, t in duckdb_types(contract).items())
    with connect(threads=1) as con:
        found = con.sql(f"select {columns}").to_arrow_table().schema
    assert found == arrow_schema(contract)


@pytest.mark.parametrize(
    ("written", "normal"),
    [
        ("VARCHAR", "varchar"),
        ("text", "varchar"),
        ("Timestamp  with time zone", "timestamptz"),
        ("numeric(10, 2)", "decimal(10,2)"),
        ("DECIMAL(38,12)", "decimal(38,12)"),
        ("timestamp", None),
        ("decimal", None),
        ("decimal(39,2)", None),
        ("decimal(0,0)", None),
        ("decimal(4,5)", None),
        ("float", None),
    ],
)
def test_a_type_has_one_spelling(written: str, normal: str | None) -> None:
    assert normal_type(written) == normal


def test_a_number_is_exact_unless_it_is_a_ratio() -> None:
    assert default_type("number", is_ratio=False) == "decimal(22,12)"
    assert default_type("number", is_ratio=True) == "double"
    assert default_type("boolean", is_ratio=False) == "boolean"


def test_a_physical_type_holds_its_logical_type() -> None:
    assert fits("number", "decimal(10,2)")
    assert not fits("integer", "decimal(10,2)")
    assert not fits("object", "varchar")
    assert decimal_parts("decimal(10,2)") == (10, 2)
    assert decimal_parts("date") is None
