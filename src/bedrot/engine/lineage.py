"""What a query reads and what each of its columns comes from, told from its text alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bedrot.errors import ContractError, UnknownNameError

if TYPE_CHECKING:
    from sqlglot import exp
    from sqlglot.lineage import Node


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class ColumnRef:
    """A column of a base table: one that the query reads and does not make itself."""

    table: str
    column: str


def column_lineage(
    sql: str, column: str, *, schema: Mapping[str, Mapping[str, str]]
) -> tuple[ColumnRef, ...]:
    """The base-table columns whose values go into one column of the result, sorted.

    Columns that only decide which rows there are (`where`, `join`, `group by`) do not count, so
    a constant and a `count(*)` come from nothing.

    Args:
        sql: One SELECT.
        column: The name of a column of its result.
        schema: Base table to column to type.

    Raises:
        UnknownNameError: If the result has no such column.
        ContractError: If the SQL cannot be read or names what the schema lacks.
    """
    found = table_lineage(sql, schema=schema)
    if column.lower() not in found:
        msg = f"the query gives no column `{column}`"
        raise UnknownNameError(msg, next_step=f"its columns are: {', '.join(found)}")
    return found[column.lower()]


def table_lineage(
    sql: str, *, schema: Mapping[str, Mapping[str, str]]
) -> dict[str, tuple[ColumnRef, ...]]:
    """The lineage of every column of the result, in its order: see `column_lineage`."""
    from sqlglot.errors import SqlglotError
    from sqlglot.lineage import lineage

    statement = _select(sql)
    plain = {table: dict(columns) for table, columns in schema.items()}
    try:
        # A column that the schema lacks is an error here, not a guess.
        nodes = lineage(
            None,
            statement,
            schema=plain,
            dialect="duckdb",
            validate_qualify_columns=True,
            identify=False,
        )
    except (SqlglotError, ValueError) as exc:
        msg = f"the lineage of the query cannot be told: {exc}"
        raise ContractError(msg, next_step="name its tables and columns in full") from exc
    return {name.lower(): _base_columns(node) for name, node in nodes.items()}


def _base_columns(node: Node) -> tuple[ColumnRef, ...]:
    from sqlglot import exp

    found = {
        ColumnRef(table=leaf.expression.name, column=exp.to_column(leaf.name).name)
        for leaf in node.walk()
        if isinstance(leaf.expression, exp.Table) and leaf.expression.name
    }
    return tuple(sorted(found))


def table_inputs(sql: str) -> frozenset[str]:
    """The base tables that a query reads, anywhere in it; its own named steps do not count.

    Raises:
        ContractError: If the SQL is not one SELECT.
    """
    from sqlglot import exp
    from sqlglot.optimizer.scope import traverse_scope

    return frozenset(
        source.name
        for scope in traverse_scope(_select(sql))
        for source in scope.sources.values()
        if isinstance(source, exp.Table) and source.name
    )


def normalise_sql(sql: str) -> str:
    """The query in one line without comments, in lower case outside quotes.

    Two texts that differ in layout, comments or case only give the same. It works on tokens and
    not on the parsed query, so that it stays as it is when a newer sqlglot prints SQL otherwise:
    a table's definition id, and with it a rebuild of the table, hang on it.

    Raises:
        ContractError: If a quote or comment is not closed.
    """
    from sqlglot import TokenType, tokenize
    from sqlglot.errors import TokenError

    try:
        tokens = tokenize(sql, dialect="duckdb")
    except TokenError as exc:
        msg = "the SQL cannot be read: a quote or comment is not closed"
        raise ContractError(msg, next_step="correct the SQL") from exc
    while tokens and tokens[-1].token_type == TokenType.SEMICOLON:
        tokens.pop()
    parts = [sql[token.start : token.end + 1] for token in tokens]
    return " ".join(part if _is_quoted(part) else part.lower() for part in parts)


def _is_quoted(part: str) -> bool:
    return any(mark in part for mark in "'\"$")


def _select(sql: str) -> exp.Query:
    import sqlglot
    from sqlglot import exp
    from sqlglot.errors import SqlglotError

    try:
        statements = [found for found in sqlglot.parse(sql, dialect="duckdb") if found is not None]
    except SqlglotError as exc:
        msg = f"the SQL cannot be read: {exc}"
        raise ContractError(msg, next_step="correct the SQL") from exc
    # A comment after the last semicolon is a statement of its own to sqlglot.
    statements = [found for found in statements if not isinstance(found, exp.Semicolon)]
    if len(statements) != 1 or not isinstance(statements[0], exp.Query):
        msg = "the SQL has to be exactly one SELECT"
        raise ContractError(msg, next_step="keep one SELECT, with named steps before it")
    return statements[0]
