"""Planning: what a run would do, found out without writing anything into the lake.

The plan judges files with the run's own functions. What these keep for later, a run keeps in the
lake; a plan keeps it in a folder that is gone when the plan is made.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from bedrot.catalog import index
from bedrot.catalog.records import CaptureRecord, Decision, Standing
from bedrot.engine.quoting import quoted
from bedrot.errors import RejectedPayloadError
from bedrot.marts import all_marts
from bedrot.merge.kinds import restatement_contract
from bedrot.observe.progress import SILENT, Progress
from bedrot.pipeline.deciding import last_run_at
from bedrot.pipeline.gathering import counting_captures
from bedrot.pipeline.identity import (
    ConfiguredTable,
    Row,
    configured_rows,
    configured_tables,
    is_up_to_date,
    said_names,
    writer_of,
)
from bedrot.pipeline.judging import raw_payload, timelines_of
from bedrot.pipeline.marts import Built, is_made_from, told_of, touched_partitions
from bedrot.pipeline.merge_plans import MergePlan, merge_plans
from bedrot.pipeline.payloads import examine, session
from bedrot.pipeline.running import all_streams, reading_together
from bedrot.pipeline.staging import is_settled, table_definition
from bedrot.pipeline.timeline import DROPPED, SET_ASIDE, Timeline
from bedrot.pipeline.tracing import defined_tables
from bedrot.pipeline.writing import TableWriter
from bedrot.zones import journal, landing
from bedrot.zones.apart import StoreApart
from bedrot.zones.lake import CURATED, STAGING, Lake
from bedrot.zones.parts import Profile, read_profile, write_profile
from bedrot.zones.store import LocalStore
from bedrot.zones.tables import ABSENT, TableState, open_table, read_state, scan_sql

if TYPE_CHECKING:
    from bedrot.contracts.model import Contract
    from bedrot.extract.streams import Stream
    from bedrot.marts import Mart

NOTHING = "nothing"
CREATE = "create"
REPLACE = "replace"
MERGE = "merge"
REMAKE = "make again"
COUNTED = "counted"


@dataclass(frozen=True, slots=True, kw_only=True)
class FilePlan:
    """What a run would make of one payload.

    `status` is `counted`, `set_aside` or `dropped`. `is_new` says that no run that came to its
    end has seen it as it is now, `is_unread` that it has to be read first. `rows` and `amount`
    are the file's own: lines that other files hold too are in both.
    """

    file_id: str
    name: str
    status: str
    is_new: bool
    is_unread: bool
    rows: int | None
    amount: Decimal | None
    reason: str = ""
    next_step: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PartitionPlan:
    """A partition whose inputs changed: what it holds now, and what would be merged into it."""

    partition: str
    rows_now: int
    amount_now: Decimal | None
    files: int
    rows_to_merge: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TablePlan:
    """What would become of one table.

    `action` is `nothing`, `create`, `replace` (the whole table), `merge` (partitions of staging) or
    `make again` (a mart). `partitions` are all that can change; None where only the merge tells. Of
    these a run writes the ones whose rows come out otherwise.
    """

    table: str
    zone: str
    action: str
    reason: str = ""
    partitions: tuple[str, ...] | None = ()
    rows_now: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class StreamPlan:
    """What a run would make of one stream; `unit` is that of its amounts, empty where it has none."""

    stream: str
    unit: str
    files: tuple[FilePlan, ...]
    partitions: tuple[PartitionPlan, ...]

    @property
    def new(self) -> tuple[FilePlan, ...]:
        """The files that would count and that no run has counted as they are now."""
        return tuple(f for f in self.files if f.is_new and f.status == COUNTED)

    @property
    def rows(self) -> int:
        """The lines of the new files, before they are compared with others."""
        return sum(file.rows or 0 for file in self.new)

    @property
    def amount(self) -> Decimal | None:
        """The money in the new files, before they are compared with others; null without any."""
        if not self.unit:
            return None
        return sum((file.amount or Decimal(0) for file in self.new), Decimal(0))

    @property
    def set_aside(self) -> tuple[FilePlan, ...]:
        """The files that would not count."""
        return tuple(f for f in self.files if f.status == SET_ASIDE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What a run would do. `is_unfinished` says that a former run was killed before its release."""

    release: int | None
    streams: tuple[StreamPlan, ...]
    tables: tuple[TablePlan, ...]
    is_unfinished: bool

    @property
    def is_nothing(self) -> bool:
        """Whether a run would write nothing but its own record."""
        return not self.is_unfinished and all(t.action == NOTHING for t in self.tables)


def plan(lake: Lake, *, progress: Progress = SILENT) -> Plan:
    """Find out what a run would do; nothing is written into the lake."""
    streams: list[StreamPlan] = []
    tables: list[TablePlan] = []
    for together in reading_together(_streams(lake)):
        for made, of_stream in _plan_streams(lake, together, progress):
            streams.append(made)
            tables += of_stream
    tables += _plan_configured(lake)
    for mart in all_marts():
        tables.append(_plan_mart(lake, mart, {table.table: table for table in tables}))
    latest = journal.latest_release(lake)
    return Plan(
        release=latest.number if latest else None,
        streams=tuple(streams),
        tables=tuple(tables),
        is_unfinished=_is_unfinished(lake, tables),
    )


def _is_unfinished(lake: Lake, tables: Sequence[TablePlan]) -> bool:
    """Whether tables have versions that the newest lake release does not name."""
    latest = journal.latest_release(lake)
    named = {} if latest is None else latest.tables
    for table in tables:
        state = read_state(lake, table.zone, table.table)
        if state is not None and named.get(table.table, {}).get("version") != state.version:
            return True
    return False


def _plan_streams(
    lake: Lake, together: Sequence[Stream], progress: Progress
) -> Iterator[tuple[StreamPlan, list[TablePlan]]]:
    """What a run would make of streams that read the same captures."""
    captures = _captures(lake, together[0])
    decisions = journal.decisions(lake)
    by_file = {capture.file_id: capture for capture in captures}
    with _apart(lake, is_needed=bool(captures)) as apart:
        unread = {stream.name: _unread(lake, stream, captures) for stream in together}
        for stream in together:
            for number, file_id in enumerate(sorted(unread[stream.name])):
                progress.step(f"read {file_id}", number, len(unread[stream.name]))
                _read_apart(apart, stream, by_file[file_id], decisions)
        told = timelines_of(apart, together, captures, decisions, progress)
        standings = [s for timeline in told.values() for s in timeline.standings]
        for stream in together:
            profiles = {
                file_id: read_profile(apart, stream.table, stream.definition_id, file_id)
                for file_id in by_file
            }
            amount = stream.contract.properties.get("amount")
            unit = stream.contract.column(amount).unit or "" if amount else ""
            plans = merge_plans(stream.contract, told[stream.name])
            tables, stale = _plan_tables(apart, stream, plans)
            timeline = replace(told[stream.name], standings=tuple(standings))
            files = _plan_files(lake, captures, decisions, timeline, profiles, unread[stream.name])
            yield (
                StreamPlan(
                    stream=stream.full_name,
                    unit=unit,
                    files=files if unit else tuple(replace(one, amount=None) for one in files),
                    partitions=_plan_partitions(apart, stream, plans, stale, profiles),
                ),
                tables,
            )


def _streams(lake: Lake) -> list[Stream]:
    """The streams of which anything was captured, indexed or not."""
    found = index.captured_streams(lake.catalog)
    known = index.capture_ids(lake.catalog)
    for key in landing.capture_keys(lake):
        if landing.capture_id_of(key) not in known:
            record = landing.read_capture(lake, key)
            found.add((record.source, record.stream))
    return [s for s in all_streams() if (s.source, s.captured_as) in found]


def _captures(lake: Lake, stream: Stream) -> list[CaptureRecord]:
    """The stream's captures whose payloads passed the gate, those not indexed yet too."""
    found = index.captures(lake.catalog, source=stream.source, stream=stream.captured_as)
    known = index.capture_ids(lake.catalog)
    missing = [key for key in landing.capture_keys(lake) if landing.capture_id_of(key) not in known]
    found += [
        capture
        for capture in (landing.read_capture(lake, key) for key in missing)
        if (capture.source, capture.stream) == (stream.source, stream.captured_as)
    ]
    return counting_captures(lake, found)


def _plan_configured(lake: Lake) -> list[TablePlan]:
    """The tables that are written from the lake's configuration."""
    indexed = index.captures(lake.catalog)
    known = index.capture_ids(lake.catalog)
    missing = [key for key in landing.capture_keys(lake) if landing.capture_id_of(key) not in known]
    said = said_names(lake, [*indexed, *(landing.read_capture(lake, key) for key in missing)])
    rows = configured_rows(lake.config, said)
    return [_plan_names(lake, one, rows[one.table]) for one in configured_tables()]


def _plan_names(lake: Lake, one: ConfiguredTable, rows: Sequence[Row]) -> TablePlan:
    writer = writer_of(lake, one)
    table = TablePlan(
        table=one.table,
        zone=CURATED,
        action=NOTHING,
        rows_now=writer.published.rows if writer.published else 0,
    )
    if is_up_to_date(one, writer, rows):
        return table
    if writer.published is None:
        return replace(table, action=CREATE, reason="there is no such table yet", partitions=None)
    reason = "its definition changed" if writer.is_whole else "names of artists or accounts changed"
    return replace(table, action=REPLACE, reason=reason, partitions=None)


def _unread(lake: Lake, stream: Stream, captures: Sequence[CaptureRecord]) -> frozenset[str]:
    """Payloads that were not read under the present definition yet."""
    return frozenset(
        file_id
        for file_id in {capture.file_id for capture in captures}
        if read_profile(lake, stream.table, stream.definition_id, file_id) is None
    )


@contextmanager
def _apart(lake: Lake, *, is_needed: bool) -> Iterator[Lake]:
    """The lake, read as it is, with a folder of its own for all that is written to it."""
    if not is_needed:  # a lake that holds nothing gets no folder for temporary files either
        yield lake
        return
    lake.work.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=lake.work, prefix="plan-") as folder:
        yield replace(lake, store=StoreApart(lake.store, LocalStore(Path(folder))))


def _read_apart(
    apart: Lake, stream: Stream, capture: CaptureRecord, decisions: Sequence[Decision]
) -> None:
    """Leave the payload's profile beside the lake; one that fails gets its standing later."""
    try:
        profile = examine(apart, stream, raw_payload(apart, stream, capture, decisions))
    except RejectedPayloadError:
        return
    write_profile(apart, stream.table, profile)


def _plan_files(
    lake: Lake,
    captures: Sequence[CaptureRecord],
    decisions: Sequence[Decision],
    timeline: Timeline,
    profiles: Mapping[str, Profile | None],
    unread: frozenset[str],
) -> tuple[FilePlan, ...]:
    since = last_run_at(lake)
    counted = {seen.capture.file_id for seen in timeline.counted}
    against: dict[str, Standing] = {}
    for standing in timeline.standings:
        if standing.status in {SET_ASIDE, DROPPED}:
            against.setdefault(standing.file_id, standing)
    changed = _changed_files(captures, decisions, since)
    found: dict[str, FilePlan] = {}
    for capture in sorted(captures, key=lambda c: (c.landed_at, c.name)):
        file_id = capture.file_id
        profile = profiles[file_id]
        stopped = None if file_id in counted else against.get(file_id)
        found.setdefault(
            file_id,
            FilePlan(
                file_id=file_id,
                name=capture.name,
                status=stopped.status if stopped else COUNTED,
                is_new=file_id in changed,
                is_unread=file_id in unread,
                rows=profile.rows if profile else None,
                amount=profile.amount if profile else None,
                reason=stopped.reason if stopped else "",
                next_step=stopped.next_step if stopped else "",
            ),
        )
    return tuple(found.values())


def _changed_files(
    captures: Sequence[CaptureRecord], decisions: Sequence[Decision], since: datetime | None
) -> frozenset[str]:
    """Files that came in, or were decided about, after the last run that came to its end."""
    if since is None:
        return frozenset(capture.file_id for capture in captures)
    return frozenset(c.file_id for c in captures if c.landed_at >= since) | frozenset(
        d.file_id for d in decisions if d.decided_at >= since
    )


def _plan_tables(
    apart: Lake, stream: Stream, plans: Mapping[str, MergePlan]
) -> tuple[list[TablePlan], tuple[str, ...]]:
    """The stream's two tables, and the partitions whose inputs are not what was merged."""
    definition = table_definition(stream)
    contracts = (stream.contract, restatement_contract(stream.contract))
    writers = [
        TableWriter(apart, STAGING, contract, definition, afresh=False) for contract in contracts
    ]
    published = writers[0].published
    is_whole = published is None or writers[0].is_whole
    old = {} if is_whole or published is None else dict(published.inputs)
    inputs = {name: partition.input_hash for name, partition in plans.items()}
    stale = tuple(
        name
        for name in sorted({*inputs, *old, *writers[0].partitions})
        if inputs.get(name) != old.get(name)
        and not (name in plans and is_settled(apart, stream, plans[name], name, *writers))
    )
    tables = [
        _plan_table(contract, writer, stale)
        for contract, writer in zip(contracts, writers, strict=True)
    ]
    return tables, stale


def _plan_table(contract: Contract, writer: TableWriter, stale: tuple[str, ...]) -> TablePlan:
    rows = writer.published.rows if writer.published else 0
    table = TablePlan(table=contract.table, zone=STAGING, action=NOTHING, rows_now=rows)
    if writer.published is None:
        return replace(table, action=CREATE, reason="there is no such table yet", partitions=stale)
    if writer.is_whole:
        return replace(table, action=REPLACE, reason="its definition changed", partitions=stale)
    if stale:
        return replace(table, action=MERGE, reason="its files changed", partitions=stale)
    return table


def _plan_partitions(
    apart: Lake,
    stream: Stream,
    plans: Mapping[str, MergePlan],
    stale: Sequence[str],
    profiles: Mapping[str, Profile | None],
) -> tuple[PartitionPlan, ...]:
    now = _held_now(apart, stream, frozenset(stale))
    found = []
    for name in stale:
        held = plans[name].places.values() if name in plans else ()
        told = [profiles[file_id] for file_id, _ in held]
        rows_now, amount_now = now.get(name, (0, Decimal(0)))
        found.append(
            PartitionPlan(
                partition=name,
                rows_now=rows_now,
                amount_now=amount_now if stream.contract.properties.get("amount") else None,
                files=len(told),
                rows_to_merge=sum(p.chunks[name].rows for p in told if p is not None),
            )
        )
    return tuple(found)


def _held_now(
    apart: Lake, stream: Stream, partitions: frozenset[str]
) -> dict[str, tuple[int, Decimal]]:
    """Rows and money that stand in these partitions of the staging table."""
    delta = open_table(apart, STAGING, stream.table) if partitions else None
    contract = stream.contract
    if delta is None or contract.partition is None:
        return {}
    names = {field.name for field in delta.schema().fields}
    amount = contract.properties.get("amount")
    if not {contract.partition, amount or contract.partition} <= names:  # a former definition's
        return {}
    total = f"coalesce(sum({quoted(amount)}), 0)" if amount else "0"
    with session(apart) as con:
        rows = con.execute(
            f"select {quoted(contract.partition)}, count(*), {total} "
            f"from {scan_sql(delta, contract.partition, partitions)} group by 1"
        ).fetchall()
    return {name: (count, Decimal(total)) for name, count, total in rows}


def _plan_mart(lake: Lake, mart: Mart, planned: Mapping[str, TablePlan]) -> TablePlan:
    state = read_state(lake, CURATED, mart.table)
    table = TablePlan(
        table=mart.table, zone=CURATED, action=NOTHING, rows_now=state.rows if state else 0
    )
    if state is None:
        return replace(table, action=CREATE, reason="there is no such table yet", partitions=None)
    if state.definition_id != mart.definition_id:
        return replace(table, action=REPLACE, reason="its definition changed", partitions=None)
    changing = [n for n in mart.inputs if n in planned and planned[n].action != NOTHING]
    if changing:
        return replace(
            table,
            action=REMAKE,
            reason=f"it reads {', '.join(changing)}",
            partitions=_partitions_of_inputs(mart, [planned[name] for name in changing]),
        )
    return _plan_settled_mart(lake, mart, state, table)


def _partitions_of_inputs(mart: Mart, inputs: Sequence[TablePlan]) -> tuple[str, ...] | None:
    """A mart that is cut as its inputs are changes in their partitions; else the rows tell."""
    contracts = defined_tables()
    aligned = all(contracts[t.table].partition == mart.contract.partition for t in inputs)
    if mart.contract.partition is None or not aligned:
        return None
    found: set[str] = set()
    for table in inputs:
        if table.partitions is None:
            return None
        found |= set(table.partitions)
    return tuple(sorted(found))


def _plan_settled_mart(lake: Lake, mart: Mart, state: TableState, table: TablePlan) -> TablePlan:
    """A mart whose inputs stay as they are: a run that was killed may have left it behind."""
    contracts = defined_tables()
    built = {}
    for name in mart.inputs:
        zone = CURATED if contracts[name].kind == "mart" else STAGING
        found = read_state(lake, zone, name) or ABSENT
        built[name] = Built(contract=contracts[name], zone=zone, state=found)
    sources = {name: told_of(held) for name, held in built.items()}
    if is_made_from(lake, mart, state, sources):
        return table
    with session(lake) as con:
        touched = touched_partitions(con, lake, mart, built, state, sources)
    return replace(
        table,
        action=REMAKE,
        reason="it was made from other versions of what it reads",
        partitions=None if touched is None else tuple(sorted(touched)),
    )
