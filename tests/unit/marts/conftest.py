"""Marts over hand-written staging rows, and a throwaway lake where records of files matter."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pytest

from bedrot.contracts.schema import arrow_schema, duckdb_types
from bedrot.engine.quoting import quoted
from bedrot.engine.session import connect
from bedrot.pipeline.tracing import contract_of, marts_by_table

if TYPE_CHECKING:
    import duckdb

    from bedrot.contracts.model import Contract

Made = Callable[..., list[dict[str, Any]]]


@pytest.fixture(scope="module")
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    session = connect(threads=1)
    yield session
    session.close()


@pytest.fixture
def made(con: duckdb.DuckDBPyConnection) -> Made:
    """What a mart's SQL makes of staging rows; inputs that are not given are empty.

    Columns that a row leaves out are null, and what comes out has kept the contract's promises.
    """

    def make(table: str, **told: list[Mapping[str, Any]]) -> list[dict[str, Any]]:
        mart = marts_by_table()[table]
        for name in mart.inputs:
            contract = contract_of(name)
            rows = make(name, **told) if name in marts_by_table() else told.get(name, [])
            _fill(con, contract, rows)
        types = duckdb_types(mart.contract)
        casts = ", ".join(f"cast({quoted(n)} as {types[n]}) as {quoted(n)}" for n in types)
        con.execute(
            f"create or replace temp table {quoted(table)} as select {casts} from (\n{mart.sql}\n)"
        )
        found: list[dict[str, Any]] = con.table(table).order("all").to_arrow_table().to_pylist()
        _assert_promises(mart.contract, found)
        return found

    return make


def _assert_promises(contract: Contract, rows: list[dict[str, Any]]) -> None:
    needed = [column.name for column in contract.columns if column.required]
    assert all(row[name] is not None for row in rows for name in needed)
    keys = [tuple(row[name] for name in contract.key) for row in rows]
    assert not contract.key or len(set(keys)) == len(keys)


def _fill(
    con: duckdb.DuckDBPyConnection, contract: Contract, rows: list[Mapping[str, Any]]
) -> None:
    schema = arrow_schema(contract)
    assert all(row.keys() <= set(schema.names) for row in rows)
    whole = [{name: row.get(name) for name in schema.names} for row in rows]
    con.register("given", pa.Table.from_pylist(whole, schema=schema))
    con.execute(f"create or replace temp table {quoted(contract.table)} as from given")
    con.unregister("given")
