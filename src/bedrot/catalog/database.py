"""Opening the catalogue's database, and the transactions in which it is read and written."""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from bedrot.catalog.tables import REVISION, metadata
from bedrot.errors import BedrotError, IntegrityError, LockedError, SettingsError, UsageError

BUSY_SECONDS = 30
_RETRY_SECONDS = 0.05
START_AFRESH = "delete it and run `bedrot rebuild --catalogue`"
_to_json = json.JSONEncoder(sort_keys=True, separators=(",", ":")).encode
_WRITING = "bedrot_writing"
_MIGRATION_LOCK = 5_227_031_964_281
"""Any fixed number: PostgreSQL's advisory locks are named by one."""


def sqlite_url(path: Path) -> str:
    """The URL of a catalogue file; characters that mean something in a URL are quoted."""
    return sa.URL.create("sqlite", database=str(path)).render_as_string()


def open_catalog(url: str) -> sa.Engine:
    """Open the catalogue, creating or migrating its tables where needed.

    A SQLite catalogue must lie on a local disk (never on a network folder). The file's folder must
    exist. No file stays open between calls.

    Raises:
        SettingsError: The URL is wrong, its driver is missing or the database does not answer.
        IntegrityError: What is there is not a catalogue, or is damaged.
        UsageError: A newer version of the code wrote the catalogue.
    """
    engine = _engine(url)
    with reading(engine) as connection:
        stamp = _stamp(connection)
    if stamp != REVISION:
        _migrate(engine)
    return engine


@contextmanager
def reading(engine: sa.Engine) -> Iterator[sa.Connection]:
    """A connection whose statements all see the same state."""
    with _translated(engine), engine.begin() as connection:
        yield connection


@contextmanager
def writing(engine: sa.Engine) -> Iterator[sa.Connection]:
    """A connection whose statements all happen, or none."""
    with _translated(engine), engine.execution_options(**{_WRITING: True}).begin() as connection:
        yield connection


def _engine(url: str) -> sa.Engine:
    try:
        parsed = sa.make_url(url)
        backend = parsed.get_backend_name()
    except sa.exc.ArgumentError as exc:
        # The text may hold a password, so it is not repeated.
        msg = "the catalogue's address is not a database URL"
        raise SettingsError(msg, next_step="write it like `sqlite:///path/file.sqlite`") from exc
    if backend not in {"sqlite", "postgresql"}:
        msg = f"the catalogue cannot live in `{backend}`"
        raise SettingsError(msg, next_step="use SQLite or PostgreSQL")
    try:
        if backend == "sqlite":
            return _sqlite_engine(parsed)
        return sa.create_engine(parsed, json_serializer=_to_json)
    except (ImportError, sa.exc.NoSuchModuleError) as exc:
        msg = f"the driver for `{parsed.drivername}` is not installed"
        raise SettingsError(msg, next_step="install `bedrot[postgres]`") from exc


def _sqlite_engine(url: sa.URL) -> sa.Engine:
    in_memory = url.database in {None, "", ":memory:"}
    engine = sa.create_engine(
        url,
        connect_args={"timeout": BUSY_SECONDS},
        json_serializer=_to_json,
        poolclass=None if in_memory else sa.NullPool,
    )
    sa.event.listen(engine, "connect", _prepare_sqlite)
    sa.event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: sqlite3.Connection, _: Any) -> None:  # noqa: ANN401 - the pool's record
    # The driver's own transactions leave out DDL; `_begin_sqlite` opens ours.
    connection.isolation_level = None
    _write_ahead(connection)
    # A power cut may lose the last rows, never the file; what is lost is read back.
    connection.execute("pragma synchronous = normal")


def _write_ahead(connection: sqlite3.Connection) -> None:
    """Let readers go on while one writes. The change does not wait its turn by itself."""
    patience = time.monotonic() + BUSY_SECONDS
    while connection.execute("pragma journal_mode").fetchone()[0] == "delete":
        try:
            connection.execute("pragma journal_mode = wal")
        except sqlite3.OperationalError as exc:
            if exc.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > patience:
                raise
            time.sleep(_RETRY_SECONDS)


def _begin_sqlite(connection: sa.Connection) -> None:
    # A transaction that starts by reading cannot always become a writing one, and then fails at
    # once instead of waiting its turn.
    writes = connection.get_execution_options().get(_WRITING, False)
    connection.exec_driver_sql("begin immediate" if writes else "begin")


def _stamp(connection: sa.Connection) -> str | None:
    """The revision of the schema found; null where there is none yet."""
    if not sa.inspect(connection).has_table("alembic_version"):
        return None
    found = connection.execute(sa.text("select version_num from alembic_version")).scalars().all()
    return ", ".join(sorted(found)) or None


def _migrate(engine: sa.Engine) -> None:
    from bedrot.catalog import migrating  # It brings alembic: slow, seldom needed.

    with writing(engine) as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_MIGRATION_LOCK)))
        stamp = _stamp(connection)
        if stamp == REVISION:
            return  # Another process was faster.
        if stamp is None and _foreign_tables(connection):
            msg = f"`{_shown(engine)}` is a database, but not a catalogue"
            raise IntegrityError(msg, next_step="name another place for the catalogue")
        if stamp is not None and stamp not in migrating.known_revisions():
            msg = (
                f"a newer bedrot wrote the catalogue `{_shown(engine)}` "
                f"(revision `{stamp}`; this one knows up to `{REVISION}`)"
            )
            raise UsageError(msg, next_step=f"update bedrot, or {START_AFRESH}")
        migrating.upgrade(connection)


def _foreign_tables(connection: sa.Connection) -> set[str]:
    """Tables that are in the way. A PostgreSQL database may hold others; a SQLite file is ours."""
    found = set(sa.inspect(connection).get_table_names()) - {"alembic_version"}
    return found if connection.dialect.name == "sqlite" else found & set(metadata.tables)


def _shown(engine: sa.Engine) -> str:
    database = engine.url.database
    if engine.dialect.name == "sqlite" and database:
        return database
    return engine.url.render_as_string(hide_password=True)


@contextmanager
def _translated(engine: sa.Engine) -> Iterator[None]:
    """Errors of the database in the lake's words.

    Those that `_prepare_sqlite` meets come bare from the driver, the others wrapped.
    """
    try:
        yield
    except sa.exc.DBAPIError as exc:
        raise _our_error(engine, exc.orig, exc) from exc
    except sqlite3.Error as exc:
        raise _our_error(engine, exc, exc) from exc


def _our_error(engine: sa.Engine, origin: BaseException | None, exc: Exception) -> BedrotError:
    place = _shown(engine)
    code = getattr(origin, "sqlite_errorcode", None)
    # Extended codes carry the plain one in their last byte.
    match None if code is None else code & 0xFF:
        case sqlite3.SQLITE_NOTADB | sqlite3.SQLITE_CORRUPT | sqlite3.SQLITE_ERROR:
            # Our own statements fail only where tables are missing or altered.
            return IntegrityError(f"the catalogue `{place}` is damaged", next_step=START_AFRESH)
        case sqlite3.SQLITE_BUSY | sqlite3.SQLITE_LOCKED:
            return LockedError(
                f"another process has been writing the catalogue `{place}` "
                f"for {BUSY_SECONDS} seconds",
                next_step="try again when it is done",
            )
        case sqlite3.SQLITE_CANTOPEN | sqlite3.SQLITE_READONLY | sqlite3.SQLITE_PERM:
            return SettingsError(
                f"the catalogue `{place}` cannot be opened for writing",
                next_step="check that its folder exists and may be written",
            )
    if code is None and isinstance(exc, sa.exc.OperationalError):
        return SettingsError(
            f"the catalogue `{place}` does not answer: {origin}",
            next_step="check its address and that the database is up",
        )
    return BedrotError(f"the catalogue `{place}` refused: {origin}")
