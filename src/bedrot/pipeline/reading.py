"""Reading a lake release: every table at the version that the release names."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from bedrot.core.dates import read_moment
from bedrot.engine.session import connect_reader, read_only
from bedrot.errors import QueryError, UnknownNameError
from bedrot.zones import journal
from bedrot.zones.tables import open_table

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

    from bedrot.catalog.records import Release
    from bedrot.zones.lake import Lake


def release_at(lake: Lake, at: str | None = None) -> Release:
    """A lake release: the newest, or the one of a number, or the newest up to a moment.

    Raises:
        UnknownNameError: there is no such release, or none at all yet.
        UsageError: `at` is neither a number nor a time.
    """
    numbers = journal.release_numbers(lake)
    if not numbers:
        msg = "nothing has been published yet"
        raise UnknownNameError(msg, next_step="import files and start `bedrot run`")
    if at is None:
        return journal.read_release(lake, numbers[-1])
    if at.isdigit() and len(at) < len("20250101"):
        return journal.read_release(lake, int(at))
    moment = read_moment(at, ZoneInfo("UTC"))
    for number in reversed(numbers):
        release = journal.read_release(lake, number)
        if release.created_at <= moment:
            return release
    msg = f"nothing had been published by {at}"
    raise UnknownNameError(msg, next_step="`bedrot runs` lists the lake releases and their times")


def dataset_of(lake: Lake, release: Release, table: str) -> object:
    """A table of a release as an Arrow dataset.

    Raises:
        UnknownNameError: the release has no such table.
    """
    told = release.tables.get(table)
    if told is None:
        known = ", ".join(sorted(release.tables))
        msg = f"lake release {release.number} has no table `{table}`"
        raise UnknownNameError(msg, next_step=f"its tables are: {known}")
    delta = open_table(lake, told["zone"], table, told["version"])
    if delta is None:
        msg = f"the files of `{table}` are gone"
        raise UnknownNameError(msg, next_step="restore the lake's folder, or `bedrot rebuild`")
    return delta.to_pyarrow_dataset()


@contextmanager
def reading(
    lake: Lake, release: Release, only: Collection[str] | None = None
) -> Iterator[duckdb.DuckDBPyConnection]:
    """A locked session for people's SQL, with tables of one release and nothing else.

    `only` names the tables that are needed; opening all of them takes longer than most queries.
    """
    names = release.tables if only is None else [n for n in release.tables if n in only]
    tables = {name: dataset_of(lake, release, name) for name in names}
    lake.work.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=lake.work, prefix="spill-") as spill:
        con = connect_reader(
            tables,
            memory_limit=lake.memory_limit,
            threads=lake.threads,
            temp_directory=Path(spill),
        )
        try:
            yield con
        finally:
            con.close()


def query(lake: Lake, sql: str, at: str | None = None) -> pa.Table:
    """Run one SELECT over a lake release.

    Raises:
        QueryError: the SQL is no SELECT, or fails.
        UnknownNameError: there is no such release.
    """
    import duckdb

    text = read_only(sql)
    release = release_at(lake, at)
    try:
        return _answer(lake, release, text, tables_named(text))
    except duckdb.CatalogException:  # it names a table in a way that was not seen
        try:
            return _answer(lake, release, text, None)
        except duckdb.Error as exc:
            raise _failed(exc) from exc
    except duckdb.Error as exc:
        raise _failed(exc) from exc


def _answer(lake: Lake, release: Release, text: str, only: Collection[str] | None) -> pa.Table:
    with reading(lake, release, only) as con:
        return con.sql(text).to_arrow_table()


def _failed(exc: Exception) -> QueryError:
    return QueryError(
        f"the query failed: {str(exc).splitlines()[0]}",
        next_step="`bedrot tables` and `bedrot describe TABLE` list what there is",
    )


def tables_named(text: str) -> Collection[str] | None:
    """The tables that a query may name; None where another dialect's eyes cannot tell."""
    import sqlglot
    from sqlglot import exp
    from sqlglot.errors import SqlglotError

    try:
        parsed = sqlglot.parse_one(text, dialect="duckdb")
    except SqlglotError:
        return None
    tables = list(parsed.find_all(exp.Table))
    if not tables or any(table.db for table in tables):
        return None  # `show tables` and questions about the catalogue are about all
    return {table.name.lower() for table in tables}
