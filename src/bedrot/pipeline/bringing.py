"""Bringing one payload in: what is said of it, whether it is known, and what its gate says."""

from __future__ import annotations

import dataclasses
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bedrot.catalog import index
from bedrot.catalog.records import CaptureRecord, Decision, Standing
from bedrot.errors import RejectedPayloadError
from bedrot.extract.inbox import Handed
from bedrot.extract.kinds import NEXT_STEPS, NOTHING_TO_DO, kind_of
from bedrot.extract.streams import ACCOUNT, DEFAULT
from bedrot.pipeline.accounts import SaidAccount, account_said, stated_moment
from bedrot.pipeline.gate import (
    answer_to,
    examine_all,
    fullest,
    gate_standing,
    is_judged,
    note_standing,
    pass_gate,
    says_more,
)
from bedrot.pipeline.timeline import (
    MOMENT,
    SET_ASIDE,
    dropped_files,
    lacks_moment,
    sight,
    waived_codes,
)
from bedrot.sources import streams_reading
from bedrot.zones import journal
from bedrot.zones.landing import land, payload_key, sha256_of
from bedrot.zones.parts import read_profile
from bedrot.zones.raw import is_admitted

if TYPE_CHECKING:
    from bedrot.extract.streams import Redact, Source, Stream
    from bedrot.zones.lake import Lake
    from bedrot.zones.parts import Profile

LANDED = "landed"
KNOWN = "known"
REFUSED = "refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stated:
    """What a person states because it cannot be found out from the files.

    A time without a zone is that of the account's clock.
    """

    account_id: str | None = None
    as_of: datetime | None = None
    source: str | None = None
    window: tuple[date, date] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """What became of one file, or would: `outcome` is landed, known, set_aside or refused.

    `rows`, `amount` and `units` are the payload's own; they say what the file holds, not what is
    new. `told_by` is the stream that tells them, where several read the payload. `unit` is that of
    the amount, where the stream has amounts, else that of the units.
    """

    shown: str
    outcome: str
    reason: str
    kind: str = ""
    sha256: str = ""
    file_id: str = ""
    source: str = ""
    stream: str = ""
    account_id: str = ""
    layout: str = ""
    rows: int | None = None
    amount: Decimal | None = None
    units: int | None = None
    unit: str = ""
    told_by: str = ""
    first: date | None = None
    newest: date | None = None
    as_of: datetime | None = None
    as_of_from: str = ""
    seen: str = ""
    next_step: str = ""
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Importing:
    """What is the same for all files of one import."""

    lake: Lake
    sources: tuple[Source, ...]
    stated: Stated
    decisions: Sequence[Decision]
    now: Callable[[], datetime]
    before: Callable[[str, str], None]
    is_dry: bool
    rehearsed: dict[str, tuple[CaptureRecord, Profile | None]]
    """What a dry run would have landed so far, by capture id."""


def judged(
    importing: Importing, payload: Handed, stream: Stream, record: CaptureRecord
) -> Imported:
    """What becomes of a payload with this record: nothing new, or it lands and is judged."""
    record = dataclasses.replace(record, hints=stream.hints(record) if stream.hints else {})
    known = _known(importing.lake, stream, record)
    if known is not None:
        return known_again(importing.lake, payload, known, profile_of(importing.lake, known))
    answer = answer_to(importing.lake, record)
    if answer is not None:
        return known_again(importing.lake, payload, answer, profile_of(importing.lake, answer))
    rehearsed = _rehearsed(importing, record) or _rehearsed_answer(importing, record)
    if rehearsed is not None:
        return known_again(importing.lake, payload, *rehearsed)
    done = _bring_in(importing, payload, stream, record)
    told = _said(importing, payload, stream).warnings
    return dataclasses.replace(done, warnings=(*done.warnings, *told))


@contextmanager
def masked(
    lake: Lake, handed: Handed, redact: Redact | None
) -> Iterator[tuple[Handed, Mapping[str, int]]]:
    """The payload without what must not touch the lake, and what was masked how often."""
    if redact is None:
        yield handed, {}
        return
    with tempfile.TemporaryDirectory(dir=lake.work, prefix="masked-") as folder:
        path = Path(folder, "payload")
        with handed.path.open("rb") as source, path.open("wb") as target:
            counts = redact(source, target)
        yield dataclasses.replace(handed, path=path), counts


def record_of(
    importing: Importing, handed: Handed, stream: Stream, redactions: Mapping[str, int]
) -> CaptureRecord:
    """The record of a capture of these bytes."""
    stated = importing.stated
    said = _said(importing, handed, stream)
    parameters = {}
    if stated.window:
        parameters["window"] = "..".join(day.isoformat() for day in stated.window)
    if said.is_default and stream.account_in_name:
        # The platform's exports say it in their names; this one has lost it.
        parameters[ACCOUNT] = DEFAULT
    return CaptureRecord(
        source=stream.source,
        stream=stream.captured_as,
        account_id=said.account_id,
        sha256=sha256_of(handed.path),
        size_bytes=handed.path.stat().st_size,
        name=handed.name,
        container=handed.container,
        member_time=handed.member_time,
        as_of_stated=stated_moment(importing.lake.config, stream, stated.as_of, said.account_id),
        parameters=parameters,
        landed_at=importing.now(),
        redactions=redactions,
    )


def account_of(importing: Importing, handed: Handed, stream: Stream) -> str:
    """Whose payload it is: as stated, or as its names, folder or the configuration say."""
    return _said(importing, handed, stream).account_id


def _said(importing: Importing, handed: Handed, stream: Stream) -> SaidAccount:
    config, stated = importing.lake.config, importing.stated.account_id
    return account_said(config, stream, handed, stated)


def at_its_moment(stream: Stream, record: CaptureRecord) -> CaptureRecord:
    """The record with the time that its archive tells, in the way the stream reads it."""
    moment = stream.moment(record) if stream.moment else None
    if moment is None:
        return record
    parameters = {**record.parameters, MOMENT: moment.isoformat()}
    return dataclasses.replace(record, parameters=parameters)


def _known(lake: Lake, stream: Stream, record: CaptureRecord) -> CaptureRecord | None:
    """An earlier capture that says the same: these bytes, this account, this time."""
    if not is_judged(lake, record):
        return None  # an import was stopped after it landed: what is said again is finished now
    same = [
        capture
        for capture in index.captures_of_payload(lake.catalog, record.sha256)
        if (capture.source, capture.stream) == (record.source, record.stream)
        and (capture.account_id, capture.file_id) == (record.account_id, record.file_id)
    ]
    if not same:
        return None
    profile = read_profile(lake, stream.table, stream.definition_id, record.file_id)
    if profile is None:  # set aside, or not read under this definition yet
        return next((c for c in same if c.capture_id == record.capture_id), None)
    moment = sight(lake, record, profile).as_of
    return next((c for c in same if sight(lake, c, profile).as_of == moment), None)


def _rehearsed(
    importing: Importing, record: CaptureRecord
) -> tuple[CaptureRecord, Profile | None] | None:
    """What a dry run would have landed already: these bytes, this account, this time."""
    for capture, profile in importing.rehearsed.values():
        if (capture.file_id, capture.account_id) != (record.file_id, record.account_id):
            continue
        if capture.capture_id == record.capture_id:
            return capture, profile
        if profile is not None:
            moments = {sight(importing.lake, c, profile).as_of for c in (capture, record)}
            if len(moments) == 1:
                return capture, profile
    return None


def _rehearsed_answer(
    importing: Importing, record: CaptureRecord
) -> tuple[CaptureRecord, Profile] | None:
    """What a dry run would have landed that says what this one lacks."""
    for capture, profile in importing.rehearsed.values():
        if (
            profile
            and capture.sha256 == record.sha256
            and says_more(importing.lake, capture, record)
        ):
            return capture, profile
    return None


def known_again(
    lake: Lake, handed: Handed, known: CaptureRecord, profile: Profile | None
) -> Imported:
    """What is said of a payload of which an earlier capture says all there is to say."""
    aside = [
        s for s in index.standings(lake.catalog, status=SET_ASIDE) if s.file_id == known.file_id
    ]
    reason = f"already imported on {known.landed_at:%Y-%m-%d %H:%M} UTC, 0 new lines"
    next_step = ""
    if known.file_id in dropped_files(journal.decisions(lake)):
        reason += "; a person decided to drop it"
        next_step = f"`bedrot quarantine accept {known.file_id}` undoes that"
    elif aside:
        reason += f"; it is set aside: {aside[0].reason}"
        next_step = aside[0].next_step
    return Imported(
        shown=handed.shown,
        outcome=KNOWN,
        reason=reason,
        next_step=next_step,
        sha256=known.sha256,
        file_id=known.file_id,
        source=known.source,
        stream=known.stream,
        account_id=known.account_id,
        **measured(streams_reading(known.source, known.stream), profile),
    )


def profile_of(lake: Lake, known: CaptureRecord) -> Profile | None:
    """What is known of a payload under the stream that finds most in it."""
    profiles = [
        read_profile(lake, stream.table, stream.definition_id, known.file_id)
        for stream in streams_reading(known.source, known.stream)
    ]
    read = [profile for profile in profiles if profile is not None]
    return fullest(read) if read else None


def measured(streams: Sequence[Stream], profile: Profile | None) -> dict[str, Any]:
    """How much a payload holds, in the terms of that of its streams whose profile it is."""
    if profile is None:
        return {}
    stream = next(s for s in streams if s.definition_id == profile.definition_id)
    told = stream.contract.properties
    measure = told.get("amount") or told.get("units")
    return {
        "rows": profile.rows,
        "amount": profile.amount if "amount" in told else None,
        "units": profile.units if "units" in told else None,
        "unit": stream.contract.column(measure).unit or "" if measure else "",
    }


def _bring_in(
    importing: Importing, handed: Handed, stream: Stream, record: CaptureRecord
) -> Imported:
    """Land a payload, put it through the gate, and say what came of it."""
    lake = importing.lake
    waived = waived_codes(importing.decisions, record.file_id)
    is_repeated = is_admitted(lake, record)
    streams = streams_reading(record.source, record.stream)
    try:
        if importing.is_dry:
            importing.rehearsed[record.capture_id] = (record, None)
            profile = examine_all(lake, streams, record, handed.path, waived)
            importing.rehearsed[record.capture_id] = (record, profile)
        else:
            land(lake, handed.path, record)
            index.index_captures(lake.catalog, [record])
            landed = lake.store.local(payload_key(record))
            profile = pass_gate(lake, streams, record, landed, waived)
    except RejectedPayloadError as exc:
        standing = gate_standing(stream, record, exc)
        if not importing.is_dry:
            note_standing(lake, standing)
        return _aside(handed, record, standing)
    told = dataclasses.replace(
        _told(handed, record),
        **measured(streams, profile),
        told_by=next(s for s in streams if s.definition_id == profile.definition_id).full_name,
    )
    done = _admitted(lake, told, record, profile, waived, is_repeated=is_repeated)
    twice = _counted_twice(importing, record, profile)
    return dataclasses.replace(done, warnings=(*done.warnings, *twice))


def _counted_twice(
    importing: Importing, record: CaptureRecord, profile: Profile
) -> tuple[str, ...]:
    """That the same bytes count for another account or other days as well: one of them is wrong.

    Nothing is said of files without figures: those of two accounts may well be equal.
    """
    if not (profile.units or profile.amount):
        return ()
    lake = importing.lake
    name = lake.config.account(record.account_id, record.source).account_id
    dropped = dropped_files(importing.decisions)
    landed = index.captures_of_payload(lake.catalog, record.sha256)
    passed = [capture for capture in landed if is_admitted(lake, capture)]
    passed += [c for c, read in importing.rehearsed.values() if read and c.sha256 == record.sha256]
    told = []
    for other in passed:
        if (other.source, other.stream) != (record.source, record.stream):
            continue
        if other.file_id in dropped:
            continue
        beside = lake.config.account(other.account_id, other.source).account_id
        if beside != name:
            told.append(f"the same bytes count for the account `{beside}` already, and now twice")
        elif other.file_id != record.file_id:
            told.append(
                f"the same bytes count already as what was said of `{other.name}` before, and now "
                f"twice: `bedrot quarantine drop {other.file_id}` takes that back"
            )
    return tuple(dict.fromkeys(told))


def _aside(handed: Handed, record: CaptureRecord, standing: Standing) -> Imported:
    return dataclasses.replace(
        _told(handed, record),
        outcome=SET_ASIDE,
        reason=standing.reason,
        seen=standing.seen,
        next_step=standing.next_step,
    )


def _admitted(
    lake: Lake,
    told: Imported,
    record: CaptureRecord,
    profile: Profile,
    waived: frozenset[str],
    *,
    is_repeated: bool,
) -> Imported:
    broken = [
        rule
        for rule in profile.rules
        if rule.severity == "error" and f"rule:{rule.name}" not in waived
    ]
    warnings = [
        f"{rule.failing} line(s): {rule.description} ({'; '.join(rule.examples[:1])})"
        for rule in profile.rules
        if rule not in broken
    ]
    if profile.unknown_headers:
        warnings.append("columns kept out: " + ", ".join(profile.unknown_headers))
    warnings += [note.text for note in profile.notes]
    seen = sight(lake, record, profile)
    if any(lacks_moment(stream, seen) for stream in streams_reading(record.source, record.stream)):
        warnings.append("nothing tells when its figures were true: state it with `--as-of TIME`")
    if record.as_of_stated is not None and seen.as_of_from != "stated":
        warnings.append(f"--as-of was not needed: the time stands in its {seen.as_of_from}")
    told = dataclasses.replace(
        told,
        outcome=LANDED,
        reason=_seen_before(lake, record) if is_repeated else "new",
        layout=profile.layout,
        first=profile.first,
        newest=profile.newest,
        as_of=seen.as_of,
        as_of_from=seen.as_of_from,
        warnings=tuple(warnings),
    )
    if not broken:
        return told
    return dataclasses.replace(
        told,
        outcome=SET_ASIDE,
        reason=f"{broken[0].failing} line(s): {broken[0].description}",
        seen="; ".join(broken[0].examples),
        next_step=f"`bedrot quarantine show {record.file_id}`",
    )


def _seen_before(lake: Lake, record: CaptureRecord) -> str:
    found = index.captures(lake.catalog, file_id=record.file_id)
    own = [c for c in found if c.account_id == record.account_id]
    is_own = any(c.capture_id != record.capture_id for c in own)
    return "the same bytes at another time" if is_own else "the same bytes for another account"


def _told(handed: Handed, record: CaptureRecord) -> Imported:
    """What is the same of every file that is ours; the outcome is still to be said."""
    return Imported(
        shown=handed.shown,
        outcome="",
        reason="",
        sha256=record.sha256,
        file_id=record.file_id,
        source=record.source,
        stream=record.stream,
        account_id=record.account_id,
    )


def land_aside(
    importing: Importing,
    handed: Handed,
    stream: Stream,
    record: CaptureRecord,
    why: RejectedPayloadError,
) -> Imported:
    """What a platform gave in place of data: landed masked, and set aside."""
    standing = gate_standing(stream, record, why)
    known = [
        capture
        for capture in index.captures_of_payload(importing.lake.catalog, record.sha256)
        if capture.capture_id == record.capture_id and is_judged(importing.lake, capture)
    ]
    if record.capture_id in importing.rehearsed:
        known.append(importing.rehearsed[record.capture_id][0])
    if known:
        return known_again(importing.lake, handed, known[0], None)
    if importing.is_dry:
        importing.rehearsed[record.capture_id] = (record, None)
    else:
        land(importing.lake, handed.path, record)
        index.index_captures(importing.lake.catalog, [record])
        note_standing(importing.lake, standing)
    return _aside(handed, record, standing)


def not_ours(handed: Handed, before: Callable[[str, str], None]) -> Imported:
    """What is said of a file that no source knows; nothing of it is kept."""
    kind = kind_of(handed.path, handed.name)
    before(handed.shown, f"{kind}: not ours")
    return Imported(
        shown=handed.shown,
        outcome=REFUSED,
        reason=f"not ours: {kind}",
        kind=kind,
        sha256=sha256_of(handed.path),
        next_step=NEXT_STEPS.get(kind, NOTHING_TO_DO),
    )


def refused(handed: Handed, reason: str) -> Imported:
    """What is said of a file that cannot be taken, of which nothing is kept."""
    is_file = handed.path.is_file()
    return Imported(
        shown=handed.shown,
        outcome=REFUSED,
        reason=reason,
        kind="a file that cannot be opened",
        sha256=sha256_of(handed.path) if is_file else "",
        next_step="get it again; of an archive, unpack it yourself and import what is inside",
    )
