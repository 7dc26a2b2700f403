"""From one payload to its typed rows: the gate, which judges a payload alone."""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Callable, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from bedrot.contracts.model import MADE_COLUMNS, PROVISIONAL
from bedrot.engine.quoting import literal, moment, quoted
from bedrot.engine.session import connect
from bedrot.errors import RejectedPayloadError
from bedrot.merge.ledger import COARSE_SCALE, FINE_SCALE
from bedrot.quality.checks import check_rows
from bedrot.zones.parts import (
    Chunk,
    ChunkFile,
    Profile,
    chunk_key,
    is_held,
    keep_chunk,
    mark_held,
    write_profile,
)
from bedrot.zones.tables import narrowed_columns, refuse_lossy, write_parquet

if TYPE_CHECKING:
    from collections.abc import Iterator

    import duckdb

    from bedrot.catalog.records import CaptureRecord
    from bedrot.contracts.model import Column, Contract
    from bedrot.extract.streams import Reading, Stream
    from bedrot.zones.lake import Lake

_TYPE_TESTS = {"integer": "is_exact_integer", "number": "is_exact_decimal", "date": "is_iso_date"}


@contextmanager
def session(lake: Lake) -> Iterator[duckdb.DuckDBPyConnection]:
    """A DuckDB session of this lake, which spills into the lake's work folder.

    Its temporary tables and views are its own, and gone at the end.
    """
    lake.work.mkdir(parents=True, exist_ok=True)
    con = _database(lake.memory_limit, lake.threads, lake.work / f"spill-{os.getpid()}").cursor()
    try:
        yield con
    finally:
        con.close()


@lru_cache(maxsize=1)
def _database(memory_limit: str, threads: int | None, spill: Path) -> duckdb.DuckDBPyConnection:
    """The engine that a process's sessions share: starting one takes longer than a small query."""
    return connect(memory_limit=memory_limit, threads=threads, temp_directory=spill)


@dataclass(frozen=True, slots=True, kw_only=True)
class Payload:
    """A local file with a payload's bytes, and the codes that a person accepted for it.

    `hints` is what it is read by and does not say itself. Of a payload that several streams read,
    one may find nothing of its own: it may be empty then.
    """

    path: Path
    file_id: str
    waived: frozenset[str] = frozenset()
    hints: Mapping[str, str] = field(default_factory=dict)
    may_be_empty: bool = False


def payload_of(
    record: CaptureRecord, path: Path, waived: frozenset[str], *, may_be_empty: bool
) -> Payload:
    """A capture's payload, whose bytes lie in `path`."""
    return Payload(
        path=path,
        file_id=record.file_id,
        waived=waived,
        hints=record.hints,
        may_be_empty=may_be_empty,
    )


def examine(lake: Lake, stream: Stream, payload: Payload) -> Profile:
    """What a payload would be, writing nothing into the lake.

    Raises:
        RejectedPayloadError: the payload does not pass the gate.
    """
    with session(lake) as con, _spool(lake) as spool:
        return _profile(con, stream, payload, _load(con, stream, payload, spool))


def refuse_empty(rows: int, notes: Sequence[str] = ()) -> None:
    """Refuse a payload in which nobody found a row; `notes` may say why.

    Raises:
        RejectedPayloadError: there is none.
    """
    if rows:
        return
    if notes:
        msg = f"nothing of the file can count: {'; '.join(notes)}"
        next_step = "import what it lacks beside it, or download the export again"
    else:
        msg = "the file holds no lines"
        next_step = "download the export again, for a longer time"
    raise RejectedPayloadError(msg, code="empty", next_step=next_step)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bookkeeping:
    """The sighting that a payload's rows tell of: the earliest that is known now."""

    account_id: str
    as_of: datetime | None
    landed_at: datetime


def take_in(
    lake: Lake,
    stream: Stream,
    payload: Payload,
    bookkeeping: Callable[[Profile], Bookkeeping],
) -> Profile:
    """Read a payload into its staging part; rows that an earlier one holds are not written again.

    Raises:
        RejectedPayloadError: the payload does not pass the gate.
    """
    with session(lake) as con, _spool(lake) as spool:
        reading = _load(con, stream, payload, spool)
        profile = _profile(con, stream, payload, reading)
        place = (lake, stream.table, stream.definition_id)
        fresh = {
            partition: chunk.fingerprint
            for partition, chunk in profile.chunks.items()
            if not is_held(*place, partition, chunk.fingerprint)
        }
        writing = _Writing(con=con, lake=lake, stream=stream, spool=spool)
        _write_chunks(writing, payload.file_id, list(fresh), bookkeeping(profile))
        for partition, fingerprint in fresh.items():
            mark_held(*place, partition, fingerprint)
        write_profile(lake, stream.table, profile)
        return profile


def write_chunks(
    lake: Lake,
    stream: Stream,
    payload: Payload,
    partitions: Sequence[str],
    bookkeeping: Bookkeeping,
) -> None:
    """Write chunks of a payload that were left out because equal rows stood for them."""
    with session(lake) as con, _spool(lake) as spool:
        _load(con, stream, payload, spool)
        writing = _Writing(con=con, lake=lake, stream=stream, spool=spool)
        _write_chunks(writing, payload.file_id, partitions, bookkeeping)


@contextmanager
def _spool(lake: Lake) -> Iterator[Path]:
    with TemporaryDirectory(dir=lake.work, prefix="spool-") as folder:
        yield Path(folder)


def _load(con: duckdb.DuckDBPyConnection, stream: Stream, payload: Payload, spool: Path) -> Reading:
    """Leave the temp table `typed`, and a view of it under the staging table's name."""
    import duckdb

    bound = stream.hinted(payload.hints)
    reading = bound.read(con, payload.path, bound, spool, payload.waived)
    for name, text in stream.aliases.items():
        load_aliases(con, name, text)
    try:
        con.execute(f"create temp table typed as {stream.sql}")
    except duckdb.Error as exc:
        raise _why(con, stream, payload.path, exc) from exc
    made = (*MADE_COLUMNS.get(stream.contract.kind, ()), PROVISIONAL)
    added = "".join(
        f"{_PLACEHOLDERS[column.logical_type]} as {quoted(column.name)}, "
        for column in stream.contract.columns
        if column.name in made
    )
    con.execute(
        f"create temp view {quoted(stream.table)} as "
        f"select '' as account_id, {added}typed.* from typed"
    )
    narrowed = narrowed_columns(con, "typed", stream.contract)
    refuse_lossy(con, "typed", stream.table, narrowed)
    return reading


# Rules are checked on one payload, before any merge: what the merge makes is taken for there.
_PLACEHOLDERS = {
    "boolean": "false",
    "date": "date '1970-01-01'",
    "timestamp": "timestamptz 'epoch'",
}


def load_aliases(con: duckdb.DuckDBPyConnection, name: str, text: str) -> None:
    """Load alias data as a relation of text columns; an empty cell is null."""
    header, *rows = [row for row in csv.reader(io.StringIO(text)) if row]
    columns = ", ".join(f"unnest(?::varchar[]) as {quoted(column)}" for column in header)
    con.execute(
        f"create temp table {quoted(name)} as select {columns}",
        [[row[place] or None for row in rows] for place in range(len(header))],
    )


def _why(
    con: duckdb.DuckDBPyConnection, stream: Stream, path: Path, exc: Exception
) -> RejectedPayloadError:
    """Find out what a payload that cannot be typed suffers from."""
    import duckdb

    aliased = [column for column in stream.contract.columns if column.header_aliases]
    try:
        con.execute(
            "select count(*), " + ", ".join(f'max("{c.name}")' for c in aliased) + " from source"
        ).fetchall()
    except duckdb.Error:
        return stream.misread(path)
    for column in aliased:
        test = _test_for(column)
        if test is None:
            continue
        name = f'"{column.name}"'
        rows = con.execute(
            f"select _row, {name}, count(*) over () from source "
            f"where {name} <> '' and not {test}({name}) order by _row limit 3"
        ).fetchall()
        if rows:
            return _misshapen_values(column.header_aliases[0], column.logical_type, rows)
    detail = str(exc).removeprefix("Invalid Input Error: ").splitlines()[0]
    return RejectedPayloadError(
        f"a value cannot be read: {detail}",
        code="unreadable_value",
        seen=detail,
        next_step=_SAVE_UNTOUCHED,
    )


def _test_for(column: Column) -> str | None:
    """The house macro that says whether a column's text is of its type."""
    if column.sql_type == "decimal(9,4)":
        return "is_exact_percent"
    return _TYPE_TESTS.get(column.logical_type)


_SAVE_UNTOUCHED = "import the file as the platform gave it, not saved again by a spreadsheet"


def _misshapen_values(
    header: str, logical_type: str, rows: list[tuple[int, str, int]]
) -> RejectedPayloadError:
    return RejectedPayloadError(
        f"{rows[0][2]} value(s) under `{header}` are not an exact {logical_type}",
        code="unreadable_value",
        seen="; ".join(f"record {row}: `{value[:40]}`" for row, value, _ in rows),
        next_step=_SAVE_UNTOUCHED,
    )


def _profile(
    con: duckdb.DuckDBPyConnection, stream: Stream, payload: Payload, reading: Reading
) -> Profile:
    contract = stream.contract
    scale = COARSE_SCALE if reading.amount_scale <= COARSE_SCALE else FINE_SCALE
    chunks = _chunks(con, stream, scale)
    rows = sum(chunk.rows for chunk in chunks.values())
    if not payload.may_be_empty:
        refuse_empty(rows)
    scope = {
        name: tuple(
            value
            for (value,) in con.execute(
                f'select distinct "{name}" from typed where "{name}" is not null order by 1'
            ).fetchall()
        )
        for name in contract.properties.get("scope", ())
    }
    return Profile(
        file_id=payload.file_id,
        definition_id=stream.definition_id,
        layout=reading.layout,
        rows=rows,
        chunks=chunks,
        scope=scope,
        unknown_headers=reading.unknown_headers,
        rules=check_rows(con, contract),
        printed_at=reading.printed_at.isoformat() if reading.printed_at else None,
        printed_clock=reading.printed_clock.isoformat() if reading.printed_clock else None,
        notes=reading.notes,
    )


def _chunks(con: duckdb.DuckDBPyConnection, stream: Stream, scale: int) -> dict[str, Chunk]:
    contract = stream.contract
    content = ", ".join(quoted(column.name) for column in contract.read_columns)
    amount, units, period = (
        quoted(name) if name else "null"
        for name in (
            contract.properties.get("amount"),
            contract.properties.get("units"),
            contract.period,
        )
    )
    # hash() is DuckDB's own and 64 bits wide: enough to know equal row sets again inside a cache
    # that is keyed by definition, beside their exact sums.
    rows = con.execute(
        f"select {_partition_of(contract)}, count(*), sum(hash({content})), "
        f"sum({units}), coalesce(sum({amount}), 0), "
        f"cast(min({period}) as varchar), cast(max({period}) as varchar) "
        f"from typed group by 1 order by 1"
    ).fetchall()
    return {
        partition: Chunk(
            rows=count,
            fingerprint=f"{count}-{int(hashes):x}-{int(units_sum or 0):x}-{amount_sum}",
            units=None if units_sum is None else int(units_sum),
            amount=str(amount_sum),
            scale=scale,
            first=first,
            last=last,
        )
        for partition, count, hashes, units_sum, amount_sum, first, last in rows
    }


def _partition_of(contract: Contract) -> str:
    return f"coalesce({quoted(contract.partition)}, '')" if contract.partition else "''"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Writing:
    """A session that holds a payload's typed rows, and where they are to go."""

    con: duckdb.DuckDBPyConnection
    lake: Lake
    stream: Stream
    spool: Path


def _write_chunks(
    writing: _Writing, file_id: str, partitions: Sequence[str], bookkeeping: Bookkeeping
) -> None:
    """Write the rows of partitions as files that can stand in the table as they are."""
    stream, contract = writing.stream, writing.stream.contract
    made = {
        "account_id": literal(bookkeeping.account_id),
        # The merge tells these.
        **dict.fromkeys((PROVISIONAL, *MADE_COLUMNS.get(contract.kind, ())), "null"),
        "_file_id": literal(file_id),
        "as_of": moment(bookkeeping.as_of),
        "landed_at": moment(bookkeeping.landed_at),
    }
    for partition in partitions:
        target = writing.spool / "chunk.parquet"
        where = f"{_partition_of(contract)} = {literal(partition)}"
        written = write_parquet(
            writing.con,
            contract,
            f"(select * from typed where {where})",
            target,
            made=made,
        )
        keep_chunk(
            writing.lake,
            chunk_key(stream.table, stream.definition_id, file_id, partition),
            target,
            ChunkFile(
                rows=written.rows,
                size=written.size,
                sha256=written.sha256,
                account_id=bookkeeping.account_id,
                as_of=bookkeeping.as_of.isoformat() if bookkeeping.as_of else None,
                landed_at=bookkeeping.landed_at.isoformat(),
            ),
        )
