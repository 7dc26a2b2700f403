"""A run: from raw payloads to a lake release, and nothing where nothing changed."""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

import structlog

from bedrot.catalog import index
from bedrot.catalog.records import CaptureRecord, Decision, Release, RunRecord, Standing
from bedrot.errors import AlreadyExistsError
from bedrot.marts import all_marts
from bedrot.merge.kinds import restatement_contract
from bedrot.observe.progress import SILENT, Progress
from bedrot.pipeline.gate import finish_imports
from bedrot.pipeline.gathering import counting_captures
from bedrot.pipeline.identity import build_configured, said_names
from bedrot.pipeline.indexing import sync_catalogue
from bedrot.pipeline.judging import timelines_of
from bedrot.pipeline.locking import holding
from bedrot.pipeline.marts import Built, build_mart
from bedrot.pipeline.staging import build_staging
from bedrot.sources import all_sources
from bedrot.zones import journal
from bedrot.zones.lake import STAGING
from bedrot.zones.parts import forget_parts
from bedrot.zones.tables import ABSENT

if TYPE_CHECKING:
    from collections.abc import Callable

    from bedrot.extract.streams import Stream
    from bedrot.pipeline.timeline import Timeline
    from bedrot.pipeline.writing import TableChange
    from bedrot.zones.lake import Lake

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class RunOutcome:
    """What a run did: its record, and the changes table by table."""

    record: RunRecord
    changes: tuple[TableChange, ...]


def all_streams() -> tuple[Stream, ...]:
    """Every stream of every source, those first in whose name payloads are captured."""
    found = [stream for source in all_sources() for stream in source.streams]
    return tuple(sorted(found, key=lambda s: (s.source, s.name != s.captured_as)))


def present_streams(lake: Lake) -> tuple[Stream, ...]:
    """The streams of which anything was captured: the others have no tables yet."""
    captured = index.captured_streams(lake.catalog)
    return tuple(s for s in all_streams() if (s.source, s.captured_as) in captured)


def admitted_captures(lake: Lake, stream: Stream) -> list[CaptureRecord]:
    """The captures of a stream whose payloads passed the gate, less halves of visits."""
    found = index.captures(lake.catalog, source=stream.source, stream=stream.captured_as)
    return counting_captures(lake, found)


def run(
    lake: Lake,
    *,
    clock: Callable[[], datetime],
    progress: Progress = SILENT,
    command: str = "run",
    afresh: bool = False,
) -> RunOutcome:
    """Bring every table up to date and publish a lake release, if any of them changed.

    `afresh` forgets the staging parts and computes everything again from raw; tables whose
    content is equal get no new version.

    Raises:
        LockedError: another process holds the lake.
    """
    started = clock()
    run_id = f"{started:%Y%m%dT%H%M%SZ}-{secrets.token_hex(3)}"
    with holding(lake, command, started), _recorded_failure(lake, run_id, command, started, clock):
        sync_catalogue(lake)
        if afresh:
            forget_parts(lake)
        decisions = journal.decisions(lake)
        finish_imports(lake, decisions)
        changes, standings = _build_tables(lake, decisions, progress, afresh=afresh)
        release = _publish(lake, run_id, changes, clock())
        record = RunRecord(
            run_id=run_id,
            command=command,
            started_at=started,
            finished_at=clock(),
            outcome="published" if release else "unchanged",
            release=release.number if release else None,
            tables={c.table: _written(c) for c in changes if c.is_changed},
            standings=tuple(standing.to_dict() for standing in standings),
        )
        journal.record_run(lake, record)
        sync_catalogue(lake)
    log.info("run_finished", run_id=run_id, outcome=record.outcome, release=record.release)
    return RunOutcome(record=record, changes=tuple(changes))


@contextmanager
def _recorded_failure(
    lake: Lake, run_id: str, command: str, started: datetime, clock: Callable[[], datetime]
) -> Iterator[None]:
    try:
        yield
    except Exception as exc:
        journal.record_run(
            lake,
            RunRecord(
                run_id=run_id,
                command=command,
                started_at=started,
                finished_at=clock(),
                outcome="failed",
                error=f"{type(exc).__name__}: {exc}",
            ),
        )
        log.warning("run_failed", run_id=run_id, error=type(exc).__name__)
        raise


def _build_tables(
    lake: Lake, decisions: Sequence[Decision], progress: Progress, *, afresh: bool
) -> tuple[list[TableChange], list[Standing]]:
    changes: list[TableChange] = []
    standings: list[Standing] = []
    built: dict[str, Built] = {}
    for stream, timeline in judged_streams(lake, decisions, progress):
        outcome = build_staging(lake, stream, timeline, decisions, progress, afresh=afresh)
        standings += outcome.standings
        contracts = (stream.contract, restatement_contract(stream.contract))
        for contract, change in zip(contracts, outcome.changes, strict=True):
            changes.append(change)
            built[contract.table] = Built(contract=contract, zone=change.zone, state=change.state)
    names = said_names(lake, index.captures(lake.catalog))
    for contract, change in build_configured(lake, names, afresh=afresh):
        changes.append(change)
        built[contract.table] = Built(
            contract=contract, zone=change.zone, state=change.state, names_only=True
        )
    absent = {stream.table: stream for stream in all_streams() if stream.table not in built}
    for mart in all_marts():
        for name in mart.inputs:
            if name in absent and name not in built:
                contract = absent[name].contract
                built[name] = Built(contract=contract, zone=STAGING, state=ABSENT)
        change = build_mart(lake, mart, built, progress, afresh=afresh)
        changes.append(change)
        built[mart.table] = Built(contract=mart.contract, zone=change.zone, state=change.state)
    return changes, standings


def judged_streams(
    lake: Lake, decisions: Sequence[Decision], progress: Progress
) -> Iterator[tuple[Stream, Timeline]]:
    """Every stream of which anything was captured, with its captures in order of time."""
    for together in reading_together(present_streams(lake)):
        captures = admitted_captures(lake, together[0])
        told = timelines_of(lake, together, captures, decisions, progress)
        yield from ((stream, told[stream.name]) for stream in together)


def reading_together(streams: Sequence[Stream]) -> list[tuple[Stream, ...]]:
    """The streams by what they read, those first in whose name it is captured."""
    found: dict[tuple[str, str], list[Stream]] = {}
    for stream in streams:
        found.setdefault((stream.source, stream.captured_as), []).append(stream)
    return [tuple(together) for together in found.values()]


def _written(change: TableChange) -> Mapping[str, Any]:
    return {
        "version": change.state.version,
        "partitions": list(change.partitions),
        "rows_written": change.rows_written,
        "bytes_written": change.bytes_written,
    }


def _publish(
    lake: Lake, run_id: str, changes: Sequence[TableChange], now: datetime
) -> Release | None:
    """Write the release that names these versions; None if the newest one names them already.

    A run that was killed after its commits is finished here by the next one: the versions then
    differ from the newest release although nothing was written this time.
    """
    tables = {
        change.table: {
            "zone": change.zone,
            "version": change.state.version,
            "rows": change.state.rows,
            "definition_id": change.state.definition_id,
        }
        for change in changes
    }
    latest = journal.latest_release(lake)
    if latest is not None and dict(latest.tables) == tables:
        return None
    release = Release(
        number=(latest.number if latest else 0) + 1, created_at=now, run_id=run_id, tables=tables
    )
    try:
        journal.publish(lake, release)
    except AlreadyExistsError as exc:
        msg = f"lake release {release.number} was published by somebody else meanwhile"
        raise AlreadyExistsError(msg, next_step="start the run again") from exc
    return release
