"""One session for the tests of this folder: opening one takes longer than a query."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import duckdb
import pytest

from bedrot.engine.session import connect

Ask = Callable[..., Any]


@pytest.fixture(scope="module")
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    with connect(threads=1) as session:
        yield session


@pytest.fixture(scope="module")
def ask(con: duckdb.DuckDBPyConnection) -> Ask:
    """`ask("iso_date($1)", text)`: the one value that an expression gives."""

    def value(expression: str, *parameters: object) -> Any:
        return con.execute(f"select {expression}", list(parameters)).fetchall()[0][0]

    return value
