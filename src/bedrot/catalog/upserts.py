"""Writing rows that may be there already, alike on SQLite and PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from bedrot.catalog.tables import captures

BATCH_ROWS = 1000

Row = dict[str, Any]
_Insert = sqlite.Insert | postgresql.Insert


def upsert(connection: sa.Connection, table: sa.Table, rows: Iterable[Row]) -> None:
    """Insert rows; one whose key is there replaces it if its record differs."""
    insert = _insert(connection, table)
    new = insert.excluded
    statement = insert.on_conflict_do_update(
        index_elements=list(table.primary_key),
        set_={column.name: new[column.name] for column in table.c if not column.primary_key},
        where=_text(new.record) != _text(table.c.record),
    )
    _execute(connection, statement, rows)


def upsert_captures(connection: sa.Connection, rows: Iterable[Row]) -> None:
    """Insert captures; of two records of one capture the first landed stands, in any order.

    A location, once told, is replaced only by another one.
    """
    insert = _insert(connection, captures)
    old, new = captures.c, insert.excluded
    earlier = sa.or_(
        new.landed_at < old.landed_at,
        sa.and_(new.landed_at == old.landed_at, _text(new.record) < _text(old.record)),
    )
    moved = sa.and_(
        new.location.is_not(None), sa.func.coalesce(new.location != old.location, sa.true())
    )
    statement = insert.on_conflict_do_update(
        index_elements=[old.capture_id],
        set_={
            "landed_at": sa.case((earlier, new.landed_at), else_=old.landed_at),
            "record": sa.case((earlier, new.record), else_=old.record),
            "location": sa.func.coalesce(new.location, old.location),
        },
        where=sa.or_(earlier, moved),
    )
    _execute(connection, statement, rows)


def _insert(connection: sa.Connection, table: sa.Table) -> _Insert:
    if connection.dialect.name == "postgresql":
        return postgresql.insert(table)
    return sqlite.insert(table)


def _text(column: sa.ColumnElement[Any]) -> sa.ColumnElement[str]:
    return sa.cast(column, sa.Text)


def _execute(connection: sa.Connection, statement: _Insert, rows: Iterable[Row]) -> None:
    """One statement per row, sent in batches: the rows of a batch may share a key."""
    remaining = iter(rows)
    while batch := list(islice(remaining, BATCH_ROWS)):
        connection.execute(statement, batch)
