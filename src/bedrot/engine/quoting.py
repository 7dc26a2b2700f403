"""Names and texts inside SQL: nothing enters a statement unquoted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime


def quoted(name: str) -> str:
    """An identifier."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """A text."""
    return "'" + text.replace("'", "''") + "'"


def literals(texts: Iterable[object]) -> str:
    """Texts between commas."""
    return ", ".join(literal(str(text)) for text in texts)


def moment(value: datetime | None) -> str:
    """A time with zone, or a null of that type."""
    if value is None:
        return "cast(null as timestamptz)"
    return f"cast({literal(value.isoformat())} as timestamptz)"


def no_rows(columns: Mapping[str, str]) -> str:
    """A SELECT that has these columns, by name and type, and no row."""
    listed = ", ".join(f"cast(null as {kind}) as {quoted(name)}" for name, kind in columns.items())
    return f"select {listed} where false"


def unambiguous_text(columns: Iterable[str]) -> str:
    """SQL for one text of several columns: equal exactly where all of them are, null apart.

    Each value is led by its length, so that no value can pass for two, or for null.
    """
    texts = (f"cast({quoted(column)} as varchar)" for column in columns)
    return "concat(" + ", ".join(f"ifnull(length({t}) || ':' || {t}, '-')" for t in texts) + ")"
