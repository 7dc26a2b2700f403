"""The gate: whether one payload, judged alone, is what it claims to be; what passes goes to raw."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import structlog

from bedrot.catalog import index
from bedrot.catalog.records import CaptureRecord, Decision, Standing
from bedrot.errors import RejectedPayloadError
from bedrot.extract.inbox import printable
from bedrot.extract.streams import ACCOUNT, ANSWERS, DEFAULT
from bedrot.pipeline.gathering import VISIT, is_part_of
from bedrot.pipeline.judging import bookkeeping_of
from bedrot.pipeline.payloads import Payload, examine, payload_of, refuse_empty, take_in
from bedrot.pipeline.strays import why_no_export
from bedrot.pipeline.timeline import SET_ASIDE, UNKNOWN_MOMENT, waived_codes
from bedrot.sources import all_sources, streams_reading
from bedrot.zones import journal
from bedrot.zones.landing import payload_key
from bedrot.zones.parts import read_profile
from bedrot.zones.raw import admit, is_admitted

if TYPE_CHECKING:
    from pathlib import Path

    from bedrot.extract.streams import Stream
    from bedrot.zones.lake import Lake
    from bedrot.zones.parts import Profile

log = structlog.get_logger(__name__)

STATEABLE: Mapping[str, str] = {
    "missing_account": "--account NAME",
    "missing_window": "--window FIRST..LAST",
    "window_disagrees": "--window FIRST..LAST",
    "missing_as_of": "--as-of TIME",
    UNKNOWN_MOMENT: "--as-of TIME",
}
"""What is set aside for want of a statement, and the option that makes it."""


def is_judged(lake: Lake, record: CaptureRecord) -> bool:
    """Whether a landed payload went through the gate: it is in raw, set aside, or answered."""
    return (
        is_admitted(lake, record)
        or journal.is_set_aside(lake, record.source, record.stream, record.file_id)
        or answer_to(lake, record) is not None
        or _is_part_of_admitted(lake, record)
    )


def _is_part_of_admitted(lake: Lake, record: CaptureRecord) -> bool:
    """Whether a larger visit that holds all of this one is in raw."""
    if VISIT not in record.parameters:
        return False
    beside = index.captures(lake.catalog, source=record.source, stream=record.stream)
    return any(is_part_of(lake.config, record, one) and is_admitted(lake, one) for one in beside)


def answer_to(lake: Lake, record: CaptureRecord) -> CaptureRecord | None:
    """A capture of the same bytes that says what this one does not, and passed the gate.

    Bytes that are read by hints are set aside while these are missing; once somebody stated them,
    the capture without them has nothing more to say.
    """
    return next(
        (
            capture
            for capture in _captures_of_bytes(lake, record)
            if capture.file_id != record.file_id
            and says_more(lake, capture, record)
            and is_admitted(lake, capture)
        ),
        None,
    )


def says_more(lake: Lake, capture: CaptureRecord, record: CaptureRecord) -> bool:
    """Whether a capture states what another one lacks."""
    return capture.parameters.get(ANSWERS) == record.capture_id or (
        set(record.hints.items()) < set(capture.hints.items()) and _is_for(lake, capture, record)
    )


def _is_for(lake: Lake, capture: CaptureRecord, record: CaptureRecord) -> bool:
    """Whether a capture is of the account of another one, or that said none."""
    if record.parameters.get(ACCOUNT) == DEFAULT:
        return True
    names = {
        lake.config.account(one.account_id, one.source).account_id for one in (capture, record)
    }
    return len(names) == 1


def _captures_of_bytes(lake: Lake, record: CaptureRecord) -> list[CaptureRecord]:
    return [
        capture
        for capture in index.captures_of_payload(lake.catalog, record.sha256)
        if (capture.source, capture.stream) == (record.source, record.stream)
    ]


def finish_imports(lake: Lake, decisions: Sequence[Decision]) -> None:
    """Judge what landed in an import that was stopped before it could, and tidy up after it."""
    captured = {(s.source, s.captured_as) for one in all_sources() for s in one.streams}
    aside = {standing.file_id for standing in journal.gate_standings(lake)}
    noted = {record.sha256 for record in index.captures(lake.catalog) if record.file_id in aside}
    for source, name in sorted(captured):
        stream = streams_reading(source, name)[0]
        for record in index.captures(lake.catalog, source=source, stream=name):
            if is_admitted(lake, record):
                if record.sha256 in noted:
                    take_back_answered(lake, record)
            elif not is_judged(lake, record):
                _judge_late(lake, stream, record, decisions)
                log.info("import_finished", file_id=record.file_id, stream=stream.full_name)


def _judge_late(
    lake: Lake, stream: Stream, record: CaptureRecord, decisions: Sequence[Decision]
) -> None:
    landed = lake.store.local(payload_key(record))
    if stream.recognise(landed, stream) is None:
        msg = "the file landed in an import that was stopped, and is no such export"
        why = why_no_export(record, landed) or RejectedPayloadError(msg, code="not_a_table")
        note_standing(lake, gate_standing(stream, record, why))
        return
    try:
        streams = streams_reading(record.source, record.stream)
        pass_gate(lake, streams, record, landed, waived_codes(decisions, record.file_id))
    except RejectedPayloadError as exc:
        note_standing(lake, gate_standing(stream, record, exc))


def note_standing(lake: Lake, standing: Standing) -> None:
    """Note that the gate set a payload aside, in place of what it said before."""
    journal.set_aside(lake, standing)
    index.remove_gate_standing(lake.catalog, standing.file_id)
    index.index_gate_standings(lake.catalog, [standing])


def pass_gate(
    lake: Lake,
    streams: Sequence[Stream],
    record: CaptureRecord,
    path: Path,
    waived: frozenset[str],
) -> Profile:
    """Judge a landed payload alone, by every stream that reads it; what passes is taken into raw.

    Returns:
        The profile of the first stream, unless it found nothing and another one did; with the
        rules that are broken under any of them.

    Raises:
        RejectedPayloadError: it does not pass.
    """

    def read(stream: Stream, payload: Payload) -> Profile:
        captures = [
            capture
            for capture in _captures_of_bytes(lake, record)
            if capture.file_id == record.file_id
        ]
        return take_in(
            lake, stream, payload, lambda profile: bookkeeping_of(lake, captures, profile)
        )

    payload = payload_of(record, path, waived, may_be_empty=len(streams) > 1)
    profile = _judged(lake, streams, payload, read)
    admit(lake, record)
    take_back_note(lake, record)
    take_back_answered(lake, record)
    _take_back_parts(lake, record)
    return profile


def _take_back_parts(lake: Lake, record: CaptureRecord) -> None:
    """Take back what was noted against parts of a visit that could not be read without the rest."""
    if VISIT not in record.parameters:
        return
    beside = index.captures(lake.catalog, source=record.source, stream=record.stream)
    for capture in beside:
        if is_part_of(lake.config, capture, record) and not is_admitted(lake, capture):
            take_back_note(lake, capture)


def take_back_answered(lake: Lake, record: CaptureRecord) -> None:
    """Take back what was noted against the same bytes, where this capture says what they lacked.

    A note stands as long as one capture of the payload is not answered.
    """
    by_file: dict[str, list[CaptureRecord]] = {}
    for capture in _captures_of_bytes(lake, record):
        by_file.setdefault(capture.file_id, []).append(capture)
    for captures in by_file.values():
        if is_admitted(lake, captures[0]) or all(answer_to(lake, one) for one in captures):
            take_back_note(lake, captures[0])


def take_back_note(lake: Lake, record: CaptureRecord) -> None:
    """Forget that the gate set a payload aside."""
    if journal.is_set_aside(lake, record.source, record.stream, record.file_id):
        journal.take_back(lake, record.source, record.stream, record.file_id)
        index.remove_gate_standing(lake.catalog, record.file_id)


def examine_all(
    lake: Lake,
    streams: Sequence[Stream],
    record: CaptureRecord,
    path: Path,
    waived: frozenset[str],
) -> Profile:
    """What a payload would be under every stream that reads it, writing nothing into the lake.

    Raises:
        RejectedPayloadError: it does not pass the gate.
    """
    payload = payload_of(record, path, waived, may_be_empty=len(streams) > 1)
    return _judged(lake, streams, payload, lambda stream, payload: examine(lake, stream, payload))


def _judged(
    lake: Lake,
    streams: Sequence[Stream],
    payload: Payload,
    read: Callable[[Stream, Payload], Profile],
) -> Profile:
    profiles = [
        read_profile(lake, stream.table, stream.definition_id, payload.file_id)
        or read(stream, payload)
        for stream in streams
    ]
    refuse_empty(
        sum(profile.rows for profile in profiles),
        [note.text for profile in profiles for note in profile.notes],
    )
    broken = tuple(rule for profile in profiles for rule in profile.rules)
    return replace(fullest(profiles), rules=broken)


def fullest(profiles: Sequence[Profile]) -> Profile:
    """The first stream's profile, unless it found nothing and another one did."""
    return profiles[0] if profiles[0].rows else max(profiles, key=lambda profile: profile.rows)


def gate_standing(stream: Stream, record: CaptureRecord, exc: RejectedPayloadError) -> Standing:
    """The note of a payload that the gate set aside."""
    # What a file holds may be no text that can be written.
    reason, seen = printable(str(exc)), printable(exc.seen)
    next_step = exc.next_step or f"`bedrot quarantine show {record.file_id}`"
    if exc.code in STATEABLE:
        option = STATEABLE[exc.code]
        if record.parameters.get(ACCOUNT) == DEFAULT and ACCOUNT not in option:
            option = f"--account NAME {option}"
        next_step += f"; or state it here: `bedrot quarantine accept {record.file_id} {option}`"
    return Standing(
        file_id=record.file_id,
        source=stream.source,
        stream=record.stream,
        name=record.name,
        origin="gate",
        status=SET_ASIDE,
        code=exc.code,
        reason=reason,
        seen=seen,
        next_step=printable(next_step),
        judged_at=record.landed_at,
    )
