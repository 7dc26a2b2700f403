"""Building a stream's staging table from the captures that count."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bedrot.catalog.records import Decision, Standing, canonical_json, short_hash
from bedrot.merge import MERGE_VERSION
from bedrot.merge.kinds import (
    forget_merge,
    merge_partition,
    restatement_contract,
)
from bedrot.merge.sightings import ChunkRows
from bedrot.observe.progress import Progress
from bedrot.pipeline.judging import write_again
from bedrot.pipeline.merge_plans import MergePlan, merge_plans
from bedrot.pipeline.payloads import (
    session,
)
from bedrot.pipeline.timeline import (
    Timeline,
)
from bedrot.pipeline.writing import TableChange, TableWriter
from bedrot.zones.lake import STAGING, Lake
from bedrot.zones.parts import (
    ChunkFile,
    chunk_key,
    has_chunk,
    read_chunk_file,
    read_note,
    write_note,
)

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


def build_staging(
    lake: Lake,
    stream: Stream,
    timeline: Timeline,
    decisions: Sequence[Decision],
    progress: Progress,
    *,
    afresh: bool = False,
) -> StagingBuild:
    """Bring a stream's staging table and its restatements up to date.

    Only partitions whose inputs changed are merged, and of those only the ones whose rows or
    origins differ are written, in one commit for each table. `afresh` merges all.
    """
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
        write_again(lake, stream, first_sights[file_id], partitions, decisions)
