"""The conditions of rules: SQL from what a contract says, and what it may not say."""

from __future__ import annotations

import datetime as dt
import decimal
import math
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from bedrot.contracts.model import BOOKKEEPING, Column

if TYPE_CHECKING:
    from sqlglot import exp

_RE2_ONLY = re.compile(r"\\[pP](?:\{\^?\w+\}|\w)|\[:\^?\w+:\]")
_NOT_IN_RE2 = re.compile(r"\(\?(?:[=!]|<[=!])|\\[1-9]")


def rows_of_count(
    table: str, query: str, columns: Mapping[str, Column]
) -> tuple[str, str | None, str]:
    """`select count(*) from t where …` as the rows that it counts, and its condition.

    The condition is None where it looks at more than one row at a time. The third text says what is
    wrong with the query; then the others say nothing.
    """
    import sqlglot
    from sqlglot import exp
    from sqlglot.errors import SqlglotError

    shape = f"has to be `select count(*) from {table} where ...`"
    try:
        parsed = sqlglot.parse_one(query, dialect="duckdb")
    except SqlglotError:
        return "", None, f"{shape}, and cannot be read as SQL"
    if not isinstance(parsed, exp.Select) or not _is_plain_count(parsed):
        return "", None, shape
    if any(found.name != table for found in parsed.find_all(exp.Table)):
        return "", None, f"{shape}: a rule reads its own table only"
    known = {*columns, *(column.name for column in BOOKKEEPING)}
    unknown = sorted({found.name for found in parsed.find_all(exp.Column)} - known)
    if unknown and len(list(parsed.find_all(exp.Select))) == 1:
        return "", None, f"names `{', '.join(unknown)}`, which the table does not have"
    rows = parsed.copy()
    rows.set("expressions", [exp.Star()])
    where = rows.args["where"]
    looks_around = (
        len(list(parsed.find_all(exp.Select))) > 1
        or where.find(exp.Window) is not None
        or any(found.alias for found in parsed.find_all(exp.Table))
    )
    sql, condition = (
        part.sql(dialect="duckdb", normalize_functions=False, comments=False)
        for part in (rows, where.this)
    )
    return sql, None if looks_around else condition, ""


def _is_plain_count(parsed: exp.Select) -> bool:
    from sqlglot import exp

    clauses = {name for name, value in parsed.args.items() if value}
    if not clauses <= {"kind", "expressions", "from", "from_", "where"} or "where" not in clauses:
        return False
    counted = [found.unalias() for found in parsed.expressions]
    return (
        len(counted) == 1
        and isinstance(counted[0], exp.Count)
        and isinstance(counted[0].this, exp.Star)
    )


def pattern_finding(pattern: Any) -> str:  # noqa: ANN401 - any YAML value
    """What is wrong with a pattern; empty where nothing is."""
    if not isinstance(pattern, str):
        return "has to be a text"
    if not (pattern.startswith("^") and pattern.endswith("$")):
        # Tools that search would find the pattern inside a longer text.
        return "has to match the whole value: start it with `^` and end it with `$`"
    if _NOT_IN_RE2.search(pattern):
        return "uses a look-around or back reference, which DuckDB does not have"
    try:
        # Python knows no named character classes; any letter does for a look at the syntax.
        re.compile(_RE2_ONLY.sub("x", pattern))
    except re.error as exc:
        return f"is not a regular expression: {exc}"
    return ""


def sql_literal(column: Column, value: Any) -> str:  # noqa: ANN401 - any YAML value
    """The value as SQL of the column's type; empty where it is of another type."""
    logical = column.logical_type
    if logical == "string":
        return sql_text(value) if isinstance(value, str) else ""
    if logical == "date":
        return f"date {sql_text(value)}" if _is_date(value) else ""
    if logical == "integer":
        return str(value) if is_integer(value) else ""
    if logical == "number" and _is_finite(value):
        # The shortest text of a float is what was written; in plain notation it stays a decimal.
        return format(decimal.Decimal(repr(value)), "f")
    return ""


def is_integer(value: Any) -> bool:  # noqa: ANN401 - any YAML value
    return isinstance(value, int) and not isinstance(value, bool)


def _is_finite(value: Any) -> bool:  # noqa: ANN401 - any YAML value
    return is_integer(value) or (isinstance(value, float) and math.isfinite(value))


def _is_date(value: Any) -> bool:  # noqa: ANN401 - any YAML value
    if not isinstance(value, str):
        return False
    try:
        return dt.date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False


def select_rows(table: str, condition: str) -> str:
    return f"select * from {quoted(table)} where {condition}"


def quoted(identifier: str) -> str:
    escaped = identifier.replace('"', '""')
    return f'"{escaped}"'


def sql_text(value: str) -> str:
    escaped = value.replace("'", "''")
    return f"'{escaped}'"
