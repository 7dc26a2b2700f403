"""Building a stream's staging table from all its captures."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from bedrot.catalog.records import CaptureRecord, Decision, Standing, canonical_json, short_hash
from bedrot.errors import RejectedPayloadError
from bedrot.merge import MERGE_VERSION
from bedrot.merge.kinds import (
    forget_merge,
    merge_partition,
    restatement_contract,
)
from bedrot.merge.sightings import ChunkRows
from bedrot.observe.progress import Progress
from bedrot.pipeline.flow_comparison import FlowComparison
from bedrot.pipeline.holders import holders_of
from bedrot.pipeline.ledger_comparison import LedgerComparison
from bedrot.pipeline.merge_plans import MergePlan, merge_plans
from bedrot.pipeline.payloads import (
    Bookkeeping,
    Payload,
    payload_of,
    session,
    take_in,
    write_chunks,
)
from bedrot.pipeline.timeline import (
    DROPPED,
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
    with_moments,
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
        raw_payload(lake, stream, captures[0], decisions),
        lambda profile: bookkeeping_of(lake, captures, profile),
    )


def raw_payload(
    lake: Lake, stream: Stream, capture: CaptureRecord, decisions: Sequence[Decision]
) -> Payload:
    """A payload of raw, with what a person accepted of it."""
    return payload_of(
        capture,
        raw_path(lake, stream.source, stream.captured_as, capture.file_id),
        waived_codes(decisions, capture.file_id),
        may_be_empty=True,  # for one of the streams that read it
    )


def bookkeeping_of(lake: Lake, captures: Sequence[CaptureRecord], profile: Profile) -> Bookkeeping:
    """The earliest sighting of a payload."""
    sights = with_moments([sight(lake, capture, profile) for capture in captures])
    first = in_order(sights)[0]
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
    said: Sequence[Standing] = (),
) -> Timeline:
    """The stream's captures in order of time, with all standings.

    `said` are the standings of the streams that read the same payloads before it: what they set
    aside counts here neither, and nothing is said twice.
    """
    read, failed = read_captures(lake, stream, captures, decisions, progress)
    sights = with_moments(read)
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
            frozenset(s.file_id for s in said if s.status in {SET_ASIDE, DROPPED}),
        )
    known = {(s.file_id, s.code) for s in said}
    fresh = [s for s in (*failed, *told.standings) if (s.file_id, s.code) not in known]
    return dataclasses.replace(told, standings=tuple(fresh))


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
        raw_payload(lake, stream, seen.capture, decisions),
        partitions,
        Bookkeeping(
            account_id=seen.capture.account_id,
            as_of=seen.as_of,
            landed_at=seen.capture.landed_at,
        ),
    )


def build_staging(  # noqa: PLR0913 - what a table is made from
    lake: Lake,
    stream: Stream,
    captures: Sequence[CaptureRecord],
    decisions: Sequence[Decision],
    progress: Progress,
    *,
    said: Sequence[Standing] = (),
    afresh: bool = False,
) -> StagingBuild:
    """Bring a stream's staging table and its restatements up to date.

    Only partitions whose inputs changed are merged, and of those only the ones whose rows or
    origins differ are written, in one commit for each table. `said` are the standings of the streams
    that read the same payloads before it. `afresh` merges all.
    """
    timeline = timeline_of(lake, stream, captures, decisions, progress, said)
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
        # One sighting has nothing before it that it could change.
        if len(plan.walk) > 1 and con.execute("select 1 from restated limit 1").fetchall():
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
