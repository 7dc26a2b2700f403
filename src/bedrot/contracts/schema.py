"""A contract's columns as an Arrow schema and as DuckDB types."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bedrot.contracts.column_types import decimal_parts

if TYPE_CHECKING:
    import pyarrow as pa

    from bedrot.contracts.model import Contract


def arrow_schema(contract: Contract) -> pa.Schema:
    """The columns in the contract's order, a staging table's bookkeeping last.

    Every field may be null: whether a null is wrong is judged by the rules, which name the rows,
    and not by the writer, which could only fail.
    """
    import pyarrow as pa

    return pa.schema([pa.field(c.name, _arrow_type(c.sql_type)) for c in contract.columns])


def duckdb_types(contract: Contract) -> dict[str, str]:
    """Column name to DuckDB type, in the contract's order, bookkeeping included."""
    return {column.name: column.sql_type for column in contract.columns}


def _arrow_type(sql_type: str) -> pa.DataType:
    import pyarrow as pa

    if (parts := decimal_parts(sql_type)) is not None:
        return pa.decimal128(*parts)
    return {
        "varchar": pa.string(),
        "bigint": pa.int64(),
        "integer": pa.int32(),
        "smallint": pa.int16(),
        "double": pa.float64(),
        "boolean": pa.bool_(),
        "date": pa.date32(),
        "timestamptz": pa.timestamp("us", tz="UTC"),
    }[sql_type]
