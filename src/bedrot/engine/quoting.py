"""Names and texts inside SQL: nothing enters a statement unquoted."""

from __future__ import annotations

from collections.abc import Iterable
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
