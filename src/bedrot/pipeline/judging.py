"""Judging a stream's captures: each is read once, and held against the ones before it."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from bedrot.catalog.records import CaptureRecord, Decision, Standing
from bedrot.errors import RejectedPayloadError
from bedrot.observe.progress import Progress
from bedrot.pipeline.flow_comparison import FlowComparison
from bedrot.pipeline.holders import holders_of
from bedrot.pipeline.ledger_comparison import LedgerComparison
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
from bedrot.zones.lake import Lake
from bedrot.zones.parts import (
    Profile,
    chunk_path,
    has_chunk,
    read_profile,
)
from bedrot.zones.raw import raw_path

if TYPE_CHECKING:
    from bedrot.extract.streams import Stream


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


def timelines_of(
    lake: Lake,
    streams: Sequence[Stream],
    captures: Sequence[CaptureRecord],
    decisions: Sequence[Decision],
    progress: Progress,
) -> dict[str, Timeline]:
    """The timelines of all streams that read the same captures, by stream.

    What one of them sets aside counts in none, whichever of them it is; nothing is said twice.
    """
    if not captures:
        nothing = Timeline(counted=(), standings=(), withdrawing=frozenset())
        return {stream.name: nothing for stream in streams}
    read = {s.name: read_captures(lake, s, captures, decisions, progress) for s in streams}
    aside: list[Standing] = []
    while True:
        told: dict[str, Timeline] = {}
        stopped = frozenset(standing.file_id for standing in aside)
        for stream in streams:
            told[stream.name] = _judged(lake, stream, read[stream.name], decisions, stopped)
            found = [s for s in told[stream.name].standings if s.status in {SET_ASIDE, DROPPED}]
            fresh = [standing for standing in found if standing.file_id not in stopped]
            if fresh and len(told) > 1:
                # The streams before have counted it: they are judged again without it.
                aside += fresh
                break
            stopped |= {standing.file_id for standing in fresh}
        else:
            return _told_once(told, aside)


def _told_once(told: Mapping[str, Timeline], aside: Sequence[Standing]) -> dict[str, Timeline]:
    """The same timelines, with why payloads were stopped, and nothing said by two of them."""
    known: set[tuple[str, str]] = set()
    once: dict[str, Timeline] = {}
    for name, timeline in told.items():
        said = (*timeline.standings, *(standing for standing in aside if standing.stream == name))
        fresh = {(s.file_id, s.code): s for s in said if (s.file_id, s.code) not in known}
        known |= fresh.keys()
        once[name] = dataclasses.replace(timeline, standings=tuple(fresh.values()))
    return once


def timeline_of(
    lake: Lake,
    stream: Stream,
    captures: Sequence[CaptureRecord],
    decisions: Sequence[Decision],
    progress: Progress,
) -> Timeline:
    """One stream's captures in order of time, with all standings, whatever others say of them."""
    return timelines_of(lake, [stream], captures, decisions, progress)[stream.name]


def _judged(
    lake: Lake,
    stream: Stream,
    captures: tuple[Sequence[Sight], Sequence[Standing]],
    decisions: Sequence[Decision],
    stopped: frozenset[str],
) -> Timeline:
    read, failed = captures
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
            stopped,
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
    write_again(lake, stream, sights[0], [partition], decisions)
    return chunk_path(*place, sights[0].capture.file_id, partition)


def write_again(
    lake: Lake,
    stream: Stream,
    seen: Sight,
    partitions: Sequence[str],
    decisions: Sequence[Decision],
) -> None:
    """Write rows of a payload that were left out because equal rows stood for them."""
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
