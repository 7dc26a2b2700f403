"""The catalogue: what the lake knows of itself, as an index over its record files.

Indexing twice, in any order or in any batches, gives the same catalogue, and rows that say nothing
new are not written again. Reads return the records as they were given.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Literal, TypeVar

import sqlalchemy as sa

from bedrot.catalog import tables
from bedrot.catalog.database import open_catalog, reading, sqlite_url, writing
from bedrot.catalog.records import (
    CaptureRecord,
    Decision,
    Release,
    RunRecord,
    Standing,
    canonical_json,
)
from bedrot.catalog.upserts import Row, upsert, upsert_captures

__all__ = [
    "Kind",
    "capture_ids",
    "capture_locations",
    "captured_streams",
    "captures",
    "captures_of_payload",
    "clear",
    "decisions",
    "index_captures",
    "index_decisions",
    "index_gate_standings",
    "index_releases",
    "index_runs",
    "known_ids",
    "latest_completed_run",
    "latest_release",
    "open_catalog",
    "releases",
    "remove_gate_standing",
    "replace_standings",
    "runs",
    "sqlite_url",
    "standings",
]

Kind = Literal["captures", "decisions", "runs", "releases", "gate_standings"]

GATE = "gate"
STANDING = "standing"

_R = TypeVar("_R", CaptureRecord, Decision, Release, RunRecord, Standing)
# JSON knows lists only.
_TUPLE_FIELDS = ("codes", "standings", "findings")


def index_captures(
    engine: sa.Engine,
    records: Iterable[CaptureRecord],
    *,
    location: Mapping[str, str] | None = None,
) -> None:
    """Add captures. Of two records of one capture, the one that landed first stands.

    Args:
        engine: The open catalogue.
        records: The capture records.
        location: Where the landed payload lies, by capture id. What is known stays known where
            this says nothing.
    """
    places = location or {}
    with writing(engine) as connection:
        upsert_captures(connection, (_capture_row(record, places) for record in records))


def index_decisions(engine: sa.Engine, records: Iterable[Decision]) -> None:
    """Add decisions."""
    with writing(engine) as connection:
        upsert(connection, tables.decisions, map(_decision_row, records))


def index_runs(engine: sa.Engine, records: Iterable[RunRecord]) -> None:
    """Add run records; a changed record replaces the former one of its id."""
    with writing(engine) as connection:
        upsert(connection, tables.runs, map(_run_row, records))


def index_releases(engine: sa.Engine, records: Iterable[Release]) -> None:
    """Add lake releases; a changed record replaces the former one of its number."""
    with writing(engine) as connection:
        upsert(connection, tables.releases, map(_release_row, records))


def index_gate_standings(engine: sa.Engine, records: Iterable[Standing]) -> None:
    """Add what the gate said of single payloads; a changed standing replaces the former one.

    Raises:
        ValueError: A standing of another origin is among them.
    """
    with writing(engine) as connection:
        upsert(
            connection,
            tables.standings,
            (_standing_row(record, origin=GATE) for record in records),
        )


def remove_gate_standing(engine: sa.Engine, file_id: str) -> None:
    """Forget what the gate said of a payload."""
    table = tables.standings
    with writing(engine) as connection:
        connection.execute(
            sa.delete(table).where(table.c.origin == GATE, table.c.file_id == file_id)
        )


def replace_standings(
    engine: sa.Engine, *, source: str, stream: str, standings: Iterable[Standing]
) -> None:
    """Make these the standings of a stream: what is not among them goes, the gate's stay.

    One is kept per payload and code, the same one in any order.

    Raises:
        ValueError: A standing of another origin or stream is among them.
    """
    table = tables.standings
    rows = {
        (row["file_id"], row["code"]): row
        for row in sorted(
            (_standing_row(record, origin=STANDING) for record in standings),
            key=lambda row: canonical_json(row["record"]),
        )
    }
    for row in rows.values():
        if (row["source"], row["stream"]) != (source, stream):
            msg = f"a standing of `{row['source']}.{row['stream']}` among `{source}.{stream}`'s"
            raise ValueError(msg)
    of_stream = sa.and_(
        table.c.origin == STANDING, table.c.source == source, table.c.stream == stream
    )
    with writing(engine) as connection:
        found = connection.execute(sa.select(table.c.file_id, table.c.code).where(of_stream))
        gone = {tuple(row) for row in found} - rows.keys()
        if gone:
            connection.execute(
                sa.delete(table).where(
                    of_stream,
                    table.c.file_id == sa.bindparam("gone_file_id"),
                    table.c.code == sa.bindparam("gone_code"),
                ),
                [{"gone_file_id": file_id, "gone_code": code} for file_id, code in sorted(gone)],
            )
        upsert(connection, table, rows.values())


def clear(engine: sa.Engine) -> None:
    """Empty all tables, to be filled again from the files."""
    with writing(engine) as connection:
        for table in tables.metadata.sorted_tables:
            connection.execute(sa.delete(table))


def captures(
    engine: sa.Engine,
    *,
    source: str | None = None,
    stream: str | None = None,
    file_id: str | None = None,
) -> list[CaptureRecord]:
    """Captures by capture id."""
    table = tables.captures
    statement = sa.select(table.c.record).order_by(table.c.capture_id)
    for column, value in (
        (table.c.source, source),
        (table.c.stream, stream),
        (table.c.file_id, file_id),
    ):
        if value is not None:
            statement = statement.where(column == value)
    return _read(engine, CaptureRecord, statement)


def captured_streams(engine: sa.Engine) -> set[tuple[str, str]]:
    """Source and stream of everything that was captured."""
    statement = sa.select(tables.captures.c.source, tables.captures.c.stream).distinct()
    with reading(engine) as connection:
        return {(row.source, row.stream) for row in connection.execute(statement)}


def captures_of_payload(engine: sa.Engine, sha256: str) -> list[CaptureRecord]:
    """All captures of the same bytes, by capture id."""
    table = tables.captures
    statement = (
        sa.select(table.c.record).where(table.c.sha256 == sha256).order_by(table.c.capture_id)
    )
    return _read(engine, CaptureRecord, statement)


def capture_ids(engine: sa.Engine) -> set[str]:
    """The ids of all captures."""
    return known_ids(engine, "captures")


def capture_locations(engine: sa.Engine) -> dict[str, str]:
    """Where landed payloads lie, by capture id, as far as it was told."""
    table = tables.captures
    statement = sa.select(table.c.capture_id, table.c.location).where(table.c.location.is_not(None))
    with reading(engine) as connection:
        return {row.capture_id: row.location for row in connection.execute(statement)}


def decisions(engine: sa.Engine) -> list[Decision]:
    """Decisions, oldest first."""
    table = tables.decisions
    return _read(
        engine,
        Decision,
        sa.select(table.c.record).order_by(table.c.decided_at, table.c.decision_id),
    )


def runs(engine: sa.Engine, limit: int | None = None) -> list[RunRecord]:
    """Runs, newest first."""
    table = tables.runs
    statement = sa.select(table.c.record).order_by(table.c.started_at.desc(), table.c.run_id.desc())
    return _read(engine, RunRecord, statement.limit(limit))


def latest_completed_run(engine: sa.Engine) -> RunRecord | None:
    """The newest run or rebuild that came to its end."""
    table = tables.runs
    statement = (
        sa.select(table.c.record)
        .where(table.c.command.in_(("run", "rebuild")), table.c.outcome != "failed")
        .order_by(table.c.started_at.desc(), table.c.run_id.desc())
        .limit(1)
    )
    return next(iter(_read(engine, RunRecord, statement)), None)


def releases(engine: sa.Engine) -> list[Release]:
    """Lake releases, newest first."""
    table = tables.releases
    return _read(engine, Release, sa.select(table.c.record).order_by(table.c.number.desc()))


def latest_release(engine: sa.Engine) -> Release | None:
    """The newest lake release that is indexed."""
    table = tables.releases
    statement = sa.select(table.c.record).order_by(table.c.number.desc()).limit(1)
    return next(iter(_read(engine, Release, statement)), None)


def standings(engine: sa.Engine, *, status: str | None = None) -> list[Standing]:
    """Standings of the gate and of all streams, by source, stream, payload and code."""
    table = tables.standings
    statement = sa.select(table.c.record).order_by(
        table.c.source, table.c.stream, table.c.file_id, table.c.code, table.c.origin
    )
    if status is not None:
        statement = statement.where(table.c.status == status)
    return _read(engine, Standing, statement)


def known_ids(engine: sa.Engine, kind: Kind) -> set[str]:
    """What is indexed already, so that a sync reads only the files that are not.

    Releases are named by their number as text, standings of the gate by the payload's `file_id`.
    """
    column: sa.Column[Any] = {
        "captures": tables.captures.c.capture_id,
        "decisions": tables.decisions.c.decision_id,
        "runs": tables.runs.c.run_id,
        "releases": tables.releases.c.number,
        "gate_standings": tables.standings.c.file_id,
    }[kind]
    statement = sa.select(column)
    if kind == "gate_standings":
        statement = statement.where(tables.standings.c.origin == GATE)
    with reading(engine) as connection:
        return {str(value) for value in connection.execute(statement).scalars()}


def _read(engine: sa.Engine, kind: type[_R], statement: sa.Select[Any]) -> list[_R]:
    with reading(engine) as connection:
        found = connection.execute(statement).scalars().all()
    return [_restored(kind, data) for data in found]


def _restored(kind: type[_R], data: Mapping[str, Any]) -> _R:
    values = dict(data)
    for name in _TUPLE_FIELDS:
        if name in values:
            values[name] = tuple(values[name])
    return kind.from_dict(values)


def _capture_row(record: CaptureRecord, places: Mapping[str, str]) -> Row:
    capture_id = record.capture_id
    return {
        "capture_id": capture_id,
        "file_id": record.file_id,
        "sha256": record.sha256,
        "source": record.source,
        "stream": record.stream,
        "account_id": record.account_id,
        "landed_at": record.landed_at,
        "location": places.get(capture_id),
        "record": record.to_dict(),
    }


def _decision_row(record: Decision) -> Row:
    return {
        "decision_id": record.decision_id,
        "kind": record.kind,
        "file_id": record.file_id,
        "decided_at": record.decided_at,
        "record": record.to_dict(),
    }


def _run_row(record: RunRecord) -> Row:
    return {
        "run_id": record.run_id,
        "command": record.command,
        "outcome": record.outcome,
        "release": record.release,
        "started_at": record.started_at,
        "finished_at": record.finished_at,
        "record": record.to_dict(),
    }


def _release_row(record: Release) -> Row:
    return {
        "number": record.number,
        "run_id": record.run_id,
        "created_at": record.created_at,
        "record": record.to_dict(),
    }


def _standing_row(record: Standing, *, origin: str) -> Row:
    if record.origin != origin:
        msg = f"a standing of origin `{record.origin}` where `{origin}` is due"
        raise ValueError(msg)
    return {
        "origin": record.origin,
        "source": record.source,
        "stream": record.stream,
        "file_id": record.file_id,
        "code": record.code,
        "status": record.status,
        "record": record.to_dict(),
    }
