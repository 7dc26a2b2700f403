"""Quarantine: what is set aside and why, and what a person decides about it.

A decision is a small file, kept for ever, and part of the input of the tables.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import structlog

from bedrot.catalog import index
from bedrot.catalog.records import CaptureRecord, Decision, Standing
from bedrot.errors import DecisionError, RejectedPayloadError, UnknownNameError
from bedrot.pipeline.bringing import measured, profile_of
from bedrot.pipeline.gate import examine_all, gate_standing, pass_gate
from bedrot.pipeline.gathering import is_part_of
from bedrot.pipeline.locking import holding
from bedrot.pipeline.strays import NO_DATA, SIGN_IN_PAGE, why_no_export
from bedrot.pipeline.timeline import DROPPED, LACKS_LINES, SET_ASIDE, dropped_files, waived_codes
from bedrot.sources import all_sources, streams_reading
from bedrot.zones import journal
from bedrot.zones.landing import payload_key
from bedrot.zones.parts import Profile, read_profile
from bedrot.zones.raw import is_admitted

if TYPE_CHECKING:
    from bedrot.extract.streams import Stream
    from bedrot.zones.lake import Lake

log = structlog.get_logger(__name__)

GATE = "gate"
ACCEPTED = "accepted"
RULE = "rule:"
NEVER_ACCEPTED = frozenset(
    {
        SIGN_IN_PAGE,
        NO_DATA,
        "doubled_header",
        "empty",
        "half_loaded",
        "misshapen_record",
        "missing_column",
        "not_a_table",
        "not_text",
        "too_large",
        "unknown_moment",
        "missing_window",
        "missing_as_of",
        "window_disagrees",
        "unknown_scope",
        "unreadable_record",
        "unreadable_value",
    }
)
"""Reasons that no decision can overrule: without a reading there are no lines to count."""

_FIRST_RECORDS = frozenset(range(4))


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """Everything that is known of one payload."""

    file_id: str
    source: str
    stream: str
    captures: tuple[CaptureRecord, ...]
    standings: tuple[Standing, ...]
    decisions: tuple[Decision, ...]
    profile: Profile | None
    measured: Mapping[str, Any]
    """How much it holds, in the terms of its stream: rows, amount, units, unit."""
    first_records: tuple[str, ...]
    """The header and the first records as they stand in the file; none if it is no text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Retried:
    """What came of judging a payload again."""

    standing: Standing
    outcome: str
    """`passes`, `set_aside`, or `next_run` for what every run judges anew."""
    reason: str
    is_changed: bool = False


def standings_now(lake: Lake, *, everything: bool = False) -> list[Standing]:
    """What is set aside; with `everything` also warnings, and what was accepted or dropped.

    A decision counts from the next run on; the status here tells it already. So do files that
    came in since the last run and break a rule of the contract on their own.
    """
    decisions = journal.decisions(lake)
    known = index.standings(lake.catalog)
    judged = {(standing.file_id, standing.code) for standing in known}
    fresh = [s for s in _not_judged_yet(lake) if (s.file_id, s.code) not in judged]
    told = [_decided(standing, decisions) for standing in (*known, *fresh)]
    dropped = dropped_files(decisions) - {s.file_id for s in told if s.status == DROPPED}
    for file_id in sorted(dropped):
        told += _drop_note(lake, file_id)
    return [s for s in told if everything or s.status == SET_ASIDE]


def _decided(standing: Standing, decisions: Sequence[Decision]) -> Standing:
    if standing.status == SET_ASIDE:
        if standing.file_id in dropped_files(decisions):
            return replace(standing, status=DROPPED, next_step="")
        if standing.code in waived_codes(decisions, standing.file_id):
            return replace(standing, status=ACCEPTED, next_step="`bedrot run` counts it")
    if standing.status == DROPPED and standing.file_id not in dropped_files(decisions):
        return replace(standing, status=ACCEPTED, next_step="`bedrot run` counts it")
    return standing


def _drop_note(lake: Lake, file_id: str) -> list[Standing]:
    captures = index.captures(lake.catalog, file_id=file_id)
    return (
        [
            Standing(
                file_id=file_id,
                source=captures[0].source,
                stream=captures[0].stream,
                name=captures[0].name,
                origin="standing",
                status=DROPPED,
                code=DROPPED,
                reason="a person decided to drop this file",
            )
        ]
        if captures
        else []
    )


def _not_judged_yet(lake: Lake) -> list[Standing]:
    """Standings that files which came in since the last run have by themselves."""
    since = last_run_at(lake)
    found: dict[tuple[str, str], Standing] = {}
    for source in all_sources():
        for stream in source.streams:
            for capture in index.captures(
                lake.catalog, source=source.name, stream=stream.captured_as
            ):
                if since is not None and capture.landed_at < since:
                    continue
                for standing in _broken_rules(lake, stream, capture):
                    found[standing.file_id, standing.code] = standing
    return list(found.values())


def _broken_rules(lake: Lake, stream: Stream, capture: CaptureRecord) -> list[Standing]:
    profile = read_profile(lake, stream.table, stream.definition_id, capture.file_id)
    if profile is None or not is_admitted(lake, capture):
        return []
    return [
        Standing(
            file_id=capture.file_id,
            source=stream.source,
            stream=stream.name,
            name=capture.name,
            origin="standing",
            status=SET_ASIDE if rule.severity == "error" else "warning",
            code=f"{RULE}{rule.name}",
            reason=f"{rule.failing} line(s): {rule.description}",
            seen="; ".join(rule.examples),
            next_step="import the file as the platform gave it; if it is right as it is: "
            f"`bedrot quarantine accept {capture.file_id}`"
            if rule.severity == "error"
            else "",
        )
        for rule in profile.rules
    ]


def last_run_at(lake: Lake) -> datetime | None:
    """When the newest run that came to its end was started."""
    run = index.latest_completed_run(lake.catalog)
    return run.started_at if run else None


def find_file(lake: Lake, prefix: str) -> str:
    """The file id that begins so.

    Raises:
        UnknownNameError: no payload of the lake has such an id, or several have.
    """
    wanted = prefix.strip().lower()
    captures = index.captures(lake.catalog)
    found = {c.file_id: c.name for c in captures if wanted and c.file_id.startswith(wanted)}
    if len(found) == 1:
        return next(iter(found))
    if found:
        msg = f"{len(found)} files have an id that begins with `{prefix}`"
        listed = ", ".join(f"{file_id} ({name})" for file_id, name in sorted(found.items())[:5])
        raise UnknownNameError(msg, next_step=f"give more of the id: {listed}")
    msg = f"no file has an id that begins with `{prefix}`"
    raise UnknownNameError(msg, next_step="`bedrot quarantine list --all` lists the ids")


def case_of(lake: Lake, prefix: str) -> Case:
    """Everything that is known of a payload.

    Raises:
        UnknownNameError: there is no such payload.
    """
    file_id = find_file(lake, prefix)
    captures = tuple(sorted(index.captures(lake.catalog, file_id=file_id), key=_by_landing))
    streams = _streams_of(captures[0])
    stream = streams[0]
    profile = profile_of(lake, captures[0])
    return Case(
        file_id=file_id,
        source=stream.source,
        stream=stream.name,
        captures=captures,
        standings=tuple(s for s in standings_now(lake, everything=True) if s.file_id == file_id),
        decisions=tuple(d for d in journal.decisions(lake) if d.file_id == file_id),
        profile=profile,
        measured=measured(streams, profile),
        first_records=_first_records(stream, _payload(lake, captures[0])),
    )


def _by_landing(capture: CaptureRecord) -> tuple[datetime, str]:
    return capture.landed_at, capture.capture_id


def _streams_of(capture: CaptureRecord) -> tuple[Stream, ...]:
    """The streams that read a capture's payload, the one of its name first."""
    streams = streams_reading(capture.source, capture.stream)
    if streams:
        return streams
    msg = f"no source that is installed reads `{capture.source}.{capture.stream}`"
    raise DecisionError(msg, next_step="install the package that brings this source")


def _payload(lake: Lake, capture: CaptureRecord) -> Path:
    return lake.store.local(payload_key(capture))


def _first_records(stream: Stream, path: Path) -> tuple[str, ...]:
    with suppress(RejectedPayloadError):  # bytes that are no text have no records
        records = stream.records(path, set(_FIRST_RECORDS))
        return tuple(records[ordinal] for ordinal in sorted(records))
    return ()


def accept(
    lake: Lake,
    prefix: str,
    *,
    clock: Callable[[], datetime],
    withdraw: bool = False,
    reason: str = "",
    decided_by: str = "",
) -> Decision:
    """Let a file count despite the reasons that now stand against it.

    With `withdraw` the lines that it lacks are declared withdrawn by the platform. A file that
    the gate set aside is read at once.

    Raises:
        DecisionError: nothing stands against it, or a reason that cannot be overruled.
        LockedError: another process holds the lake.
        UnknownNameError: there is no such file.
    """
    with holding(lake, "quarantine accept", clock()):
        file_id = find_file(lake, prefix)
        standings = [s for s in standings_now(lake, everything=True) if s.file_id == file_id]
        decisions = journal.decisions(lake)
        captures = index.captures(lake.catalog, file_id=file_id)
        is_readable = True
        try:
            codes = _codes_to_accept(file_id, standings, withdraw=withdraw)
            waived = waived_codes(decisions, file_id) | codes
            _refuse_unreadable(lake, captures, waived)
        except DecisionError:
            # What nobody can accept can still be dropped no longer: it is set aside again.
            if withdraw or file_id not in dropped_files(decisions):
                raise
            codes, is_readable = frozenset({DROPPED}), False
        decision = Decision(
            kind="withdraw" if withdraw else "accept",
            file_id=file_id,
            decided_at=clock(),
            reason=reason,
            decided_by=decided_by,
            codes=tuple(sorted(codes)),
        )
        _keep(lake, decision)
        if is_readable:
            _let_in(lake, captures, waived)
    log.info("decision_recorded", kind=decision.kind, file_id=file_id)
    return decision


def _codes_to_accept(
    file_id: str, standings: Sequence[Standing], *, withdraw: bool
) -> frozenset[str]:
    against = {s.code: s for s in standings if s.status in {SET_ASIDE, DROPPED}}
    if withdraw:
        lacking = [s for s in standings if s.code == LACKS_LINES]
        if not lacking:
            msg = f"`{file_id}` lacks no lines of older exports: there is nothing to withdraw"
            raise DecisionError(msg, next_step=f"`bedrot quarantine show {file_id}`")
        against[LACKS_LINES] = lacking[0]
    if not against:
        msg = f"nothing stands against `{file_id}`: it counts, or does at the next run"
        raise DecisionError(msg, next_step="`bedrot quarantine list` lists what is set aside")
    for code in sorted(against.keys() & NEVER_ACCEPTED):
        msg = f"`{file_id}` cannot be accepted, because it cannot be read: {against[code].reason}"
        raise DecisionError(
            msg,
            next_step=against[code].next_step
            or "import a good copy of the file; this one can be dropped with "
            f"`bedrot quarantine drop {file_id}`",
        )
    return frozenset(against)


def _refuse_unreadable(
    lake: Lake, captures: Iterable[CaptureRecord], waived: frozenset[str]
) -> None:
    """Read a payload as it would be read once accepted, before anything is recorded."""
    for capture in _one_per_stream(captures):
        try:
            examine_all(lake, _streams_of(capture), capture, _payload(lake, capture), waived)
        except RejectedPayloadError as exc:
            msg = f"`{capture.file_id}` still cannot be read: {exc}"
            raise DecisionError(
                msg, next_step=exc.next_step or "import a good copy of the file"
            ) from exc


def _one_per_stream(captures: Iterable[CaptureRecord]) -> list[CaptureRecord]:
    found: dict[tuple[str, str], CaptureRecord] = {}
    for capture in sorted(captures, key=_by_landing):
        found.setdefault((capture.source, capture.stream), capture)
    return list(found.values())


def _let_in(lake: Lake, captures: Iterable[CaptureRecord], waived: frozenset[str]) -> None:
    for capture in _one_per_stream(captures):
        pass_gate(lake, _streams_of(capture), capture, _payload(lake, capture), waived)
        journal.take_back(lake, capture.source, capture.stream, capture.file_id)
        index.remove_gate_standing(lake.catalog, capture.file_id)


def _keep(lake: Lake, decision: Decision) -> None:
    journal.record_decision(lake, decision)
    index.index_decisions(lake.catalog, [decision])


def drop(
    lake: Lake,
    prefix: str,
    *,
    clock: Callable[[], datetime],
    reason: str = "",
    decided_by: str = "",
) -> Decision:
    """Decide that a file never counts, until a later `accept` undoes it.

    Raises:
        DecisionError: it is dropped already.
        LockedError: another process holds the lake.
        UnknownNameError: there is no such file.
    """
    with holding(lake, "quarantine drop", clock()):
        file_id = find_file(lake, prefix)
        if file_id in dropped_files(journal.decisions(lake)):
            msg = f"`{file_id}` is dropped already"
            raise DecisionError(msg, next_step=f"`bedrot quarantine accept {file_id}` undoes it")
        _refuse_half(lake, file_id)
        decision = Decision(
            kind="drop",
            file_id=file_id,
            decided_at=clock(),
            reason=reason,
            decided_by=decided_by,
        )
        _keep(lake, decision)
    log.info("decision_recorded", kind=decision.kind, file_id=file_id)
    return decision


def _refuse_half(lake: Lake, file_id: str) -> None:
    """Refuse to drop a part of a visit that counts as a whole: the whole would still count."""
    own = index.captures(lake.catalog, file_id=file_id)
    if not any(is_admitted(lake, capture) for capture in own):
        return
    beside = index.captures(lake.catalog, source=own[0].source, stream=own[0].stream)
    wholes = [[w.file_id for w in beside if is_part_of(lake.config, c, w)] for c in own]
    if not all(wholes):
        return
    whole = sorted({found for named in wholes for found in named})
    msg = f"`{file_id}` is a part of a visit, which counts as a whole"
    raise DecisionError(msg, next_step=f"drop the whole: {', '.join(whole)}")


def retry(
    lake: Lake,
    prefix: str | None = None,
    *,
    clock: Callable[[], datetime],
    decided_by: str = "",
) -> list[Retried]:
    """Judge again what is set aside: one file, or all. A decision is kept only if that changed it.

    Raises:
        DecisionError: the file is not set aside.
        LockedError: another process holds the lake.
        UnknownNameError: there is no such file.
    """
    with holding(lake, "quarantine retry", clock()):
        standings = standings_now(lake)
        if prefix is not None:
            file_id = find_file(lake, prefix)
            standings = [s for s in standings if s.file_id == file_id]
            if not standings:
                msg = f"`{file_id}` is not set aside"
                raise DecisionError(msg, next_step="`bedrot quarantine list` lists what is")
        return [_retried(lake, standing, clock, decided_by) for standing in standings]


def _retried(
    lake: Lake, standing: Standing, clock: Callable[[], datetime], decided_by: str
) -> Retried:
    if standing.origin != GATE:
        return Retried(standing=standing, outcome="next_run", reason=standing.reason)
    captures = [
        c
        for c in index.captures(lake.catalog, file_id=standing.file_id)
        if (c.source, c.stream) == (standing.source, standing.stream)
    ]
    waived = waived_codes(journal.decisions(lake), standing.file_id)
    judged = _judged_again(lake, captures[0], waived)
    is_changed = judged is None or (judged.code, judged.reason) != (standing.code, standing.reason)
    if is_changed:
        decision = Decision(
            kind="retry",
            file_id=standing.file_id,
            decided_at=clock(),
            decided_by=decided_by,
            codes=(standing.code,),
        )
        _keep(lake, decision)
        journal.take_back(lake, standing.source, standing.stream, standing.file_id)
        index.remove_gate_standing(lake.catalog, standing.file_id)
    if judged is None:
        return Retried(
            standing=standing, outcome="passes", reason="it passes the gate now", is_changed=True
        )
    if is_changed:
        judged = replace(judged, judged_at=clock())
        journal.set_aside(lake, judged)
        index.index_gate_standings(lake.catalog, [judged])
    return Retried(standing=judged, outcome=SET_ASIDE, reason=judged.reason, is_changed=is_changed)


def _judged_again(lake: Lake, capture: CaptureRecord, waived: frozenset[str]) -> Standing | None:
    """Put a landed payload through the gate once more; None if it passes."""
    streams = _streams_of(capture)
    stream = streams[0]
    path = _payload(lake, capture)
    if stream.recognise(path, stream) is None:
        why = why_no_export(capture, path)
        if why is not None:
            return gate_standing(stream, capture, why)
    try:
        pass_gate(lake, streams, capture, path, waived)
    except RejectedPayloadError as exc:
        return gate_standing(stream, capture, exc)
    return None
