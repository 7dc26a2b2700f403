"""Building a staging table of a ledger from all its captures."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby, product
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bedrot.catalog.records import CaptureRecord, Decision, Standing, canonical_json, short_hash
from bedrot.contracts.model import Column
from bedrot.errors import RejectedPayloadError
from bedrot.merge import MERGE_VERSION
from bedrot.merge.kinds import (
    forget_merge,
    merge_partition,
    restated_keys,
    restatement_columns,
)
from bedrot.merge.sightings import ChunkRows, End, Sighting, Withdrawal
from bedrot.observe.progress import Progress
from bedrot.pipeline.flow_comparison import FlowComparison
from bedrot.pipeline.holders import holders_of
from bedrot.pipeline.ledger_comparison import LedgerComparison
from bedrot.pipeline.payloads import Bookkeeping, Payload, session, take_in, write_chunks
from bedrot.pipeline.timeline import (
    SET_ASIDE,
    Comparing,
    Comparison,
    NoComparison,
    Sight,
    Timeline,
    in_order,
    judge,
    sight,
    waived_codes,
    withdrawing_files,
)
from bedrot.pipeline.writing import TableChange, TableWriter
from bedrot.zones.lake import STAGING, Lake
from bedrot.zones.parts import (
    ChunkFile,
    Profile,
    chunk_key,
    chunk_path,
    has_chunk,
    read_chunk_file,
    read_note,
    read_profile,
    write_note,
)
from bedrot.zones.raw import raw_path

if TYPE_CHECKING:
    import duckdb

    from bedrot.contracts.model import Contract
    from bedrot.extract.streams import Stream


@dataclass(frozen=True, slots=True, kw_only=True)
class StagingBuild:
    """The outcome of building one stream's tables."""

    changes: tuple[TableChange, ...]
    standings: tuple[Standing, ...]


def table_definition(stream: Stream) -> str:
    """The staging table's definition id: the stream's, and how its kind is merged."""
    return short_hash(f"{stream.definition_id} merge {MERGE_VERSION}")


def read_captures(
    lake: Lake,
    stream: Stream,
    captures: Sequence[CaptureRecord],
    decisions: Sequence[Decision],
    progress: Progress,
) -> tuple[list[Sight], list[Standing]]:
    """Every capture with its payload's profile; payloads not read yet under this definition are.

    A payload that passed the gate once and fails a newer definition is a standing.
    """
    profiles: dict[str, Profile] = {}
    failed: list[Standing] = []
    by_file = captures_by_file(captures)
    for number, (file_id, seen) in enumerate(by_file.items()):
        progress.step(f"read {seen[0].name}", number, len(by_file))
        try:
            profiles[file_id] = profile_of(lake, stream, seen, decisions)
        except RejectedPayloadError as exc:
            failed.append(
                Standing(
                    file_id=file_id,
                    source=stream.source,
                    stream=stream.name,
                    name=seen[0].name,
                    origin="standing",
                    status=SET_ASIDE,
                    code=exc.code,
                    reason=str(exc),
                    seen=exc.seen,
                    next_step=exc.next_step or "",
                )
            )
    sights = [
        sight(lake, capture, profiles[capture.file_id])
        for capture in captures
        if capture.file_id in profiles
    ]
    return sights, failed


def captures_by_file(captures: Sequence[CaptureRecord]) -> dict[str, list[CaptureRecord]]:
    """The captures of each payload, in the order of the names under which they came.

    Names mostly carry the time, so the first payload with some rows is mostly the oldest one.
    """
    found: dict[str, list[CaptureRecord]] = {}
    for capture in sorted(captures, key=lambda c: (c.name, c.capture_id)):
        found.setdefault(capture.file_id, []).append(capture)
    return found


def profile_of(
    lake: Lake,
    stream: Stream,
    captures: Sequence[CaptureRecord],
    decisions: Sequence[Decision],
) -> Profile:
    """The profile of a payload in raw, from its part or by reading it now.

    Raises:
        RejectedPayloadError: the payload does not pass the gate of this definition.
    """
    file_id = captures[0].file_id
    known = read_profile(lake, stream.table, stream.definition_id, file_id)
    if known is not None:
        return known
    return take_in(
        lake,
        stream,
        raw_payload(lake, stream, file_id, decisions),
        lambda profile: bookkeeping_of(lake, captures, profile),
    )


def raw_payload(lake: Lake, stream: Stream, file_id: str, decisions: Sequence[Decision]) -> Payload:
    """A payload of raw, with what a person accepted of it."""
    return Payload(
        path=raw_path(lake, stream.source, stream.captured_as, file_id),
        file_id=file_id,
        waived=waived_codes(decisions, file_id),
    )


def bookkeeping_of(lake: Lake, captures: Sequence[CaptureRecord], profile: Profile) -> Bookkeeping:
    """The earliest sighting of a payload."""
    first = in_order([sight(lake, capture, profile) for capture in captures])[0]
    return Bookkeeping(
        account_id=first.capture.account_id,
        as_of=first.as_of,
        landed_at=first.capture.landed_at,
    )


def timeline_of(
    lake: Lake,
    stream: Stream,
    captures: Sequence[CaptureRecord],
    decisions: Sequence[Decision],
    progress: Progress,
) -> Timeline:
    """The stream's captures in order of time, with all standings."""
    sights, failed = read_captures(lake, stream, captures, decisions, progress)
    holders: dict[tuple[str, str], list[str]] = {}
    for seen in sights:
        for partition, chunk in seen.profile.chunks.items():
            holders.setdefault((partition, chunk.fingerprint), []).append(seen.capture.file_id)
    by_file = {seen.capture.file_id: seen for seen in reversed(in_order(sights))}
    with session(lake) as con:
        comparing = Comparing(
            con=con,
            lake=lake,
            stream=stream,
            chunk_file=lambda partition, fingerprint: _held_rows(
                lake,
                stream,
                [by_file[file_id] for file_id in holders[partition, fingerprint]],
                partition,
                decisions,
            ),
        )
        told = judge(
            _comparison(comparing, decisions),
            stream,
            sights,
            decisions,
            holders_of(lake, stream.source, decisions) if stream.holder else {},
        )
    return dataclasses.replace(told, standings=(*failed, *told.standings))


def _comparison(comparing: Comparing, decisions: Sequence[Decision]) -> Comparison:
    kind = comparing.stream.contract.kind
    if kind == "ledger":
        return LedgerComparison(comparing, withdrawing_files(decisions))
    return FlowComparison(comparing) if kind == "flow" else NoComparison()


def _held_rows(
    lake: Lake,
    stream: Stream,
    sights: Sequence[Sight],
    partition: str,
    decisions: Sequence[Decision],
) -> Path:
    """Rows of a partition that are equal in all of these payloads, from whichever has them."""
    place = (lake, stream.table, stream.definition_id)
    for seen in sights:
        if has_chunk(*place, seen.capture.file_id, partition):
            return chunk_path(*place, seen.capture.file_id, partition)
    _write_again(lake, stream, sights[0], [partition], decisions)
    return chunk_path(*place, sights[0].capture.file_id, partition)


def _write_again(
    lake: Lake,
    stream: Stream,
    seen: Sight,
    partitions: Sequence[str],
    decisions: Sequence[Decision],
) -> None:
    write_chunks(
        lake,
        stream,
        raw_payload(lake, stream, seen.capture.file_id, decisions),
        partitions,
        Bookkeeping(
            account_id=seen.capture.account_id,
            as_of=seen.as_of,
            landed_at=seen.capture.landed_at,
        ),
    )


def build_staging(
    lake: Lake,
    stream: Stream,
    captures: Sequence[CaptureRecord],
    decisions: Sequence[Decision],
    progress: Progress,
    *,
    afresh: bool = False,
) -> StagingBuild:
    """Bring a ledger's staging table and its restatements up to date.

    Only partitions whose inputs changed are merged, and of those only the ones whose rows or
    origins differ are written, in one commit for each table. `afresh` merges all.
    """
    timeline = timeline_of(lake, stream, captures, decisions, progress)
    contract = stream.contract
    restated = restatement_contract(contract)
    definition = table_definition(stream)
    plans = merge_plans(contract, timeline)
    inputs = {partition: plan.input_hash for partition, plan in plans.items()}
    merged = TableWriter(lake, STAGING, contract, definition, afresh=afresh)
    changes = TableWriter(lake, STAGING, restated, definition, afresh=afresh)
    old_inputs = (
        {}
        if afresh or merged.is_whole or merged.published is None
        else dict(merged.published.inputs)
    )
    stale = sorted(
        partition
        for partition in {*inputs, *old_inputs, *merged.partitions}
        if inputs.get(partition) != old_inputs.get(partition)
    )
    with session(lake) as con:
        _write_missing_chunks(
            lake, stream, timeline, [plans[p] for p in stale if p in plans], decisions
        )
        for number, partition in enumerate(stale):
            progress.step(f"merge {contract.table} {partition}", number, len(stale))
            plan = plans.get(partition)
            if plan is None:
                merged.empty(partition)
                changes.empty(partition)
            elif afresh or not is_settled(lake, stream, plan, partition, merged, changes):
                _merge(con, lake, stream, plan, (merged, changes))
                _settle(lake, stream, plan, partition, merged, changes)
    # The table's inputs say what is merged, so it comes last: a run that is killed in between
    # merges again, and finds the restatements as they should be.
    restatements = changes.finish(inputs=inputs)
    return StagingBuild(
        changes=(merged.finish(inputs=inputs), restatements),
        standings=timeline.standings,
    )


def _merge(
    con: duckdb.DuckDBPyConnection,
    lake: Lake,
    stream: Stream,
    plan: MergePlan,
    writers: tuple[TableWriter, TableWriter],
) -> None:
    """Merge one partition; where the result is just one payload's rows, their file stands.

    The writers are those of the table and of its restatements.
    """
    partition = plan.partition
    merged, changes = writers
    keys = {
        chunk.chunk: chunk_key(stream.table, stream.definition_id, chunk.file_id, partition)
        for chunk in plan.chunks
    }
    chunks = [
        dataclasses.replace(chunk, path=lake.store.local(keys[chunk.chunk]))
        for chunk in plan.chunks
    ]
    try:
        sole = merge_partition(con, stream.contract, partition, chunks, plan.walk, plan.ends)
        chunk = next((c for c in chunks if c.chunk == sole), None)
        told = None if chunk is None else read_chunk_file(lake, keys[chunk.chunk])
        if chunk is not None and told is not None and _is_written_for(told, chunk):
            merged.offer_chunk(con, keys[chunk.chunk], told, partition, _chunk_token(chunk, told))
        else:
            merged.offer(con, "merged", partition, f"merged {plan.input_hash}")
        if con.execute("select count(*) from restated").fetchall()[0][0]:
            changes.offer(con, "restated", partition, f"restated {plan.input_hash}")
        else:
            changes.empty(partition)
    finally:
        forget_merge(con, stream.contract)


def _is_written_for(told: ChunkFile, chunk: ChunkRows) -> bool:
    """Whether a chunk's file tells of the sighting that its rows come from."""
    as_of = chunk.as_of.isoformat() if chunk.as_of else None
    landed_at = chunk.landed_at.isoformat()
    return (told.account_id, told.as_of, told.landed_at) == (chunk.account_id, as_of, landed_at)


def _chunk_token(chunk: ChunkRows, told: ChunkFile) -> str:
    return f"chunk {chunk.file_id} {told.account_id} {told.as_of}"


def _settle(
    lake: Lake, stream: Stream, plan: MergePlan, partition: str, *writers: TableWriter
) -> None:
    """Remember what these inputs came to, for runs in which nothing else changes."""
    tokens = [writer.token(partition) for writer in writers]
    name = f"settled-{partition}-{plan.input_hash}"
    content = canonical_json(tokens).encode()
    write_note(lake, stream.table, stream.definition_id, name, content)


def is_settled(
    lake: Lake, stream: Stream, plan: MergePlan, partition: str, *writers: TableWriter
) -> bool:
    """Whether these inputs were merged before, into just what is published now."""
    name = f"settled-{partition}-{plan.input_hash}"
    kept = read_note(lake, stream.table, stream.definition_id, name)
    tokens = [writer.token(partition) for writer in writers]
    return kept is not None and bool(tokens[0]) and json.loads(kept) == tokens


def _write_missing_chunks(
    lake: Lake,
    stream: Stream,
    timeline: Timeline,
    plans: Sequence[MergePlan],
    decisions: Sequence[Decision],
) -> None:
    """Read a payload again for rows that an equal row set stood for when it came in."""
    missing: dict[str, list[str]] = {}
    for plan in plans:
        for file_id, partition in plan.places.values():
            if not has_chunk(lake, stream.table, stream.definition_id, file_id, partition):
                missing.setdefault(file_id, []).append(partition)
    first_sights = {seen.capture.file_id: seen for seen in reversed(timeline.counted)}
    for file_id, partitions in missing.items():
        _write_again(lake, stream, first_sights[file_id], partitions, decisions)


def restatement_contract(contract: Contract) -> Contract:
    """The contract of the table that lists a stream's restatements: one row per key and change."""
    columns = [
        dataclasses.replace(contract.column(name), required=False)
        for name in restated_keys(contract)
    ]
    columns += restatement_columns(contract)
    columns += [
        Column(
            name="file_id",
            logical_type="string",
            sql_type="varchar",
            description="The payload whose capture changed the value.",
        ),
        Column(
            name="as_of",
            logical_type="timestamp",
            sql_type=contract.column("as_of").sql_type,
            description="When that capture was true.",
        ),
    ]
    return dataclasses.replace(
        contract,
        id=f"{contract.id}-restatements",
        table=f"{contract.table}_restatements",
        description=f"Every change that a later capture made to a value of {contract.table}.",
        columns=tuple(columns),
        key=(),
        rules=(),
        properties={},
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class MergePlan:
    """What one partition is made from: distinct row sets, and the order in which they were seen."""

    chunks: tuple[ChunkRows, ...]
    walk: tuple[Sighting, ...]
    ends: tuple[End, ...]
    input_hash: str
    partition: str
    places: Mapping[int, tuple[str, str]]
    """Payload and partition whose part holds the rows of each chunk."""


def merge_plans(contract: Contract, timeline: Timeline) -> dict[str, MergePlan]:
    """What every partition is made from."""
    partitions: dict[str, list[Sight]] = {}
    for seen in timeline.counted:
        for partition in seen.profile.chunks:
            partitions.setdefault(partition, []).append(seen)
    # A capture that withdraws lines speaks of partitions of which it holds none, too.
    for seen in timeline.counted:
        if seen.capture.file_id in timeline.withdrawing:
            for partition, sights in partitions.items():
                if seen not in sights and seen.profile.spans(partition):
                    sights.append(seen)
    order = {id(seen): place for place, seen in enumerate(timeline.counted)}
    ends = _ends(contract, timeline)
    origins = _origins(timeline)
    return {
        partition: _plan(
            _Planning(timeline, origins, _ends_within(sights, partition, ends)),
            partition,
            sorted(sights, key=lambda s: order[id(s)]),
        )
        for partition, sights in partitions.items()
    }


@dataclass(frozen=True, slots=True)
class _Planning:
    """What the plan of a partition needs besides its own sights."""

    timeline: Timeline
    origins: Mapping[tuple[str, str, str], Sight]
    ends: tuple[End, ...]


def _ends(contract: Contract, timeline: Timeline) -> dict[tuple[str, tuple[str, ...]], End]:
    """The newest day that any capture told, by account and scope."""
    found: dict[tuple[str, tuple[str, ...]], End] = {}
    if "provisionalDays" not in contract.properties:
        return found
    for seen in timeline.counted:
        newest = seen.profile.newest
        if newest is None:
            continue
        for scope in product(*seen.profile.scope.values()):
            series = (seen.capture.account_id, scope)
            known = found.get(series)
            if known is None or known.newest < newest:
                found[series] = End(account_id=series[0], scope=scope, newest=newest)
    return found


def _ends_within(
    sights: Sequence[Sight], partition: str, ends: Mapping[tuple[str, tuple[str, ...]], End]
) -> tuple[End, ...]:
    """The ends that matter to a partition: what was settled long ago stays as it is.

    An end is told as some day after all of the partition's own, however far behind them it lies.
    """
    days = [s.profile.chunks[partition].last for s in sights if partition in s.profile.chunks]
    last = max((date.fromisoformat(day) for day in days if day), default=None)
    if last is None:
        return ()
    beyond = last + _BEYOND
    return tuple(
        dataclasses.replace(end, newest=min(end.newest, beyond)) for _, end in sorted(ends.items())
    )


_BEYOND = timedelta(days=62)
"""More than any stream's provisional days."""


def _plan(planning: _Planning, partition: str, sights: Sequence[Sight]) -> MergePlan:
    """Which distinct row sets a partition is made from, and in which order they were seen."""
    chunks: dict[tuple[str, str], ChunkRows] = {}
    walk: list[Sighting] = []
    for seen in sights:
        own = seen.profile.chunks.get(partition)
        number = None
        if own is not None:
            key = (seen.capture.account_id, own.fingerprint)
            if key not in chunks:
                origin = planning.origins[partition, *key]
                chunks[key] = ChunkRows(
                    chunk=len(chunks),
                    account_id=origin.capture.account_id,
                    path=Path(),
                    file_id=origin.capture.file_id,
                    as_of=origin.as_of,
                    landed_at=origin.capture.landed_at,
                    scale=own.scale,
                )
            number = chunks[key].chunk
        walk.append(
            Sighting(
                account_id=seen.capture.account_id,
                chunk=number,
                file_id=seen.capture.file_id,
                as_of=seen.as_of,
                withdrawal=_withdrawal(seen, planning.timeline),
            )
        )
    walk = _collapsed(walk)
    told: Mapping[str, Any] = {
        "chunks": [
            [*key, chunk.file_id, chunk.as_of.isoformat() if chunk.as_of else None]
            for key, chunk in chunks.items()
        ],
        "walk": [
            [
                s.chunk,
                s.file_id if s.withdrawal or len(chunks) > 1 else None,
                s.withdrawal is not None,
                s.confirmed_at.isoformat() if s.confirmed_at else None,
                s.as_of.isoformat() if s.as_of and (s.withdrawal or len(chunks) > 1) else None,
            ]
            for s in walk
        ],
    }
    if planning.ends:
        ends = [[e.account_id, *e.scope, e.newest.isoformat()] for e in planning.ends]
        told = {**told, "ends": ends}
    return MergePlan(
        chunks=tuple(chunks.values()),
        walk=tuple(walk),
        ends=planning.ends,
        partition=partition,
        input_hash=hashlib.sha256(canonical_json(told).encode()).hexdigest()[:32],
        places={chunk.chunk: (chunk.file_id, partition) for chunk in chunks.values()},
    )


def _origins(timeline: Timeline) -> dict[tuple[str, str, str], Sight]:
    """The earliest sighting of each row set, by `as_of` and then payload hash.

    Row sets are named by partition, account and fingerprint.
    """
    found: dict[tuple[str, str, str], Sight] = {}
    for seen in sorted(
        timeline.counted,
        key=lambda s: (s.as_of is not None, s.as_of, s.capture.sha256, s.capture_id),
    ):
        for partition, chunk in seen.profile.chunks.items():
            found.setdefault((partition, seen.capture.account_id, chunk.fingerprint), seen)
    return found


def _withdrawal(seen: Sight, timeline: Timeline) -> Withdrawal | None:
    first, last = seen.profile.first, seen.profile.newest
    if seen.capture.file_id not in timeline.withdrawing or first is None or last is None:
        return None
    return Withdrawal(first=first, last=last, scope=seen.profile.scope)


def _collapsed(walk: Sequence[Sighting]) -> list[Sighting]:
    """An account's same rows seen again with nothing in between say nothing new.

    But that they were seen at the very moment of what follows them is kept: then the two
    disagree.
    """
    kept: list[Sighting] = []
    by_account = groupby(sorted(walk, key=lambda s: s.account_id), key=lambda s: s.account_id)
    for _, sightings in by_account:
        last: Sighting | None = None
        for sighting in sightings:
            says = (sighting.chunk, sighting.withdrawal)
            if last is None or says != (last.chunk, last.withdrawal):
                if last is not None and last.as_of == sighting.as_of:
                    kept[-1] = dataclasses.replace(kept[-1], confirmed_at=last.as_of)
                kept.append(sighting)
            last = sighting
    return kept
