"""The one place that opens DuckDB: sessions for our SQL, sessions for people's SQL."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

from bedrot.errors import QueryError

if TYPE_CHECKING:
    import duckdb

DEFAULT_MEMORY_LIMIT = "1500MB"

_CONFIG: dict[str, str | bool | int | float | list[str]] = {
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
    "allow_community_extensions": False,
    "python_enable_replacements": False,
}


@functools.cache
def house_macros() -> str:
    """The SQL that creates the house macros."""
    return resources.files("bedrot.engine").joinpath("macros.sql").read_text(encoding="utf-8")


def connect(
    *,
    memory_limit: str = DEFAULT_MEMORY_LIMIT,
    threads: int | None = None,
    temp_directory: Path | None = None,
) -> duckdb.DuckDBPyConnection:
    """Open an in-memory session for our own SQL, with the house macros.

    The session is in UTC, loads no extension and sees no Python variable as a table, so that
    the same SQL gives the same answer on every machine.

    Args:
        memory_limit: What DuckDB may hold in memory, such as `1500MB`.
        threads: How many threads to use; all of the machine's by default.
        temp_directory: Where to spill what exceeds the memory. Without it nothing is spilled
            and a query that needs more fails (DuckDB's own default is the working directory).
    """
    import duckdb

    con = duckdb.connect(":memory:", config=_CONFIG)
    con.execute("set TimeZone = 'UTC'")
    con.execute("set memory_limit = ?", [memory_limit])
    con.execute("set temp_directory = ?", ["" if temp_directory is None else str(temp_directory)])
    if threads is not None:
        con.execute("set threads = ?", [threads])
    con.execute(house_macros())
    return con


def connect_reader(
    tables: Mapping[str, object],
    *,
    memory_limit: str = DEFAULT_MEMORY_LIMIT,
    threads: int | None = None,
    temp_directory: Path | None = None,
) -> duckdb.DuckDBPyConnection:
    """Open a session for people's SQL: the given tables as views, and nothing else.

    Files, COPY and ATTACH are out of reach and the configuration is locked. That alone does not
    stop CREATE or DROP VIEW: pass every query through `read_only` first.

    Args:
        tables: Name to Arrow table, dataset or reader.
        memory_limit: As in `connect`.
        threads: As in `connect`.
        temp_directory: As in `connect`.
    """
    con = connect(memory_limit=memory_limit, threads=threads, temp_directory=temp_directory)
    for name, table in tables.items():
        con.register(name, table)
    con.execute("set enable_external_access = false")
    con.execute("set lock_configuration = true")
    return con


def read_only(sql: str) -> str:
    """The query without comments and semicolon after its end, if it is exactly one SELECT.

    Two parsers have to agree: what one of them takes for a comment or a text could otherwise
    hide a second statement from us.

    Raises:
        QueryError: If it is anything else, with what to use instead where there is something.
    """
    text = _only_statement(sql)
    _refuse_unless_select(text)
    _refuse_unless_duckdb_agrees(text)
    return text


_INSTEAD = {
    "describe": "use `bedrot describe TABLE`",
    "desc": "use `bedrot describe TABLE`",
    "summarize": "use `bedrot describe TABLE`",
    "show": "use `bedrot tables`, or `bedrot describe TABLE`",
    "values": "write `select * from (values ...) as v(...)`",
    "table": "write `select * from TABLE`",
    "pivot": "write one `sum(x) filter (where ...)` per column",
    "unpivot": "write one SELECT per column, joined by `union all`",
    "copy": "use `bedrot sql --format csv|parquet`",
}
_ONE_SELECT = "give one SELECT statement"


def _only_statement(sql: str) -> str:
    from sqlglot import TokenType, tokenize
    from sqlglot.errors import TokenError

    try:
        tokens = tokenize(sql, dialect="duckdb")
    except TokenError as exc:
        msg = "the query cannot be read: a quote or comment is not closed"
        raise QueryError(msg, next_step="correct the SQL; it is DuckDB's dialect") from exc
    while tokens and tokens[-1].token_type == TokenType.SEMICOLON:
        tokens.pop()
    if not tokens:
        msg = "the query is empty"
        raise QueryError(msg, next_step=_ONE_SELECT)
    if any(token.token_type == TokenType.SEMICOLON for token in tokens):
        msg = "only one statement at a time is run, and there are more"
        raise QueryError(msg, next_step=_ONE_SELECT)
    first = tokens[0].text.lower()
    if first not in {"select", "with", "from", "("}:
        msg = f"only SELECT is run, not `{first}`"
        raise QueryError(msg, next_step=_INSTEAD.get(first, _ONE_SELECT))
    return sql[tokens[0].start : tokens[-1].end + 1]


def _refuse_unless_select(sql: str) -> None:
    import sqlglot
    from sqlglot import exp
    from sqlglot.errors import ParseError

    try:
        statement = sqlglot.parse_one(sql, dialect="duckdb")
    except ParseError as exc:
        found = exc.errors[0] if exc.errors else {}
        msg = f"the query cannot be read: {found.get('description', 'unknown syntax')}"
        if "line" in found:
            msg = f"{msg} (line {found['line']}, column {found['col']})"
        raise QueryError(msg, next_step="correct the SQL; it is DuckDB's dialect") from exc
    writes = (exp.DML, exp.DDL, exp.Into, exp.Command, exp.Copy)
    reads_only = isinstance(statement, exp.Query) and not any(
        isinstance(node, writes) and not isinstance(node, exp.Query) for node in statement.walk()
    )
    if not reads_only:
        msg = "only SELECT is run, and this query would change something"
        raise QueryError(msg, next_step=_ONE_SELECT)


def _refuse_unless_duckdb_agrees(sql: str) -> None:
    import duckdb

    try:
        types = [found.type for found in duckdb.extract_statements(sql)]
    except duckdb.Error as exc:
        msg = f"the query cannot be read: {exc}"
        raise QueryError(msg, next_step="correct the SQL; it is DuckDB's dialect") from exc
    if types != [duckdb.StatementType.SELECT]:
        msg = "only one SELECT is run, and this is something else"
        raise QueryError(msg, next_step=_ONE_SELECT)
