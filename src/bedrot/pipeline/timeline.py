"""The captures of a stream in the order in which they were true, each with its standing."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bedrot.catalog.records import CaptureRecord, Decision, Standing, canonical_json
from bedrot.core.dates import stamp_in_name, start_of_day
from bedrot.core.money import plain
from bedrot.quality.ledger_standings import Lacking, Reach, lacking_keys
from bedrot.zones.parts import Profile, read_note, write_note

if TYPE_CHECKING:
    import duckdb

    from bedrot.extract.streams import Stream
    from bedrot.zones.lake import Lake

LACKS_LINES = "lacks_lines"
DROPPED = "dropped"
SET_ASIDE = "set_aside"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """One capture with what its payload says and when that was true."""

    capture: CaptureRecord
    profile: Profile
    as_of: datetime | None
    as_of_from: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeline:
    """The captures that count, oldest `as_of` first, and what is to be said of all."""

    counted: tuple[Sight, ...]
    standings: tuple[Standing, ...]
    withdrawing: frozenset[str]
    """File ids of payloads whose missing lines a person declared withdrawn."""


def as_of(
    lake: Lake, capture: CaptureRecord, newest: datetime | None
) -> tuple[datetime | None, str]:
    """When the content of a capture was true, and where that was found (rule: time, §2).

    A time that a person states outranks the newest period in the content, which is only the
    earliest moment at which the file can have been made.
    """
    if capture.captured_at is not None:
        return capture.captured_at, "capture"
    zone = lake.config.account(capture.account_id).zone
    stamp = stamp_in_name(capture.name, zone)
    if stamp is None and capture.container is not None:
        stamp = stamp_in_name(capture.container.rpartition("#")[0], zone)
    if stamp is not None:
        return stamp, "name"
    if capture.as_of_stated is not None:
        return capture.as_of_stated, "stated"
    return newest, "newest period" if newest else "unknown"


def sight(lake: Lake, capture: CaptureRecord, profile: Profile) -> Sight:
    """A capture at its time."""
    newest = start_of_day(profile.newest) if profile.newest else None
    moment, found = as_of(lake, capture, newest)
    return Sight(capture=capture, profile=profile, as_of=moment, as_of_from=found)


def in_order(sights: Sequence[Sight]) -> list[Sight]:
    """Oldest `as_of` first, unknown before all; among equals the smaller payload hash last.

    What comes later stands, so of two captures of one moment the smaller hash stands.
    """
    by_hash = sorted(sights, key=lambda s: (s.capture.sha256, s.capture.capture_id), reverse=True)
    return sorted(by_hash, key=lambda s: (s.as_of is not None, s.as_of))


ChunkFile = Callable[[str, str], Path]
"""A local Parquet file with the rows of a partition that have a fingerprint."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparing:
    """What comparing captures needs: a session, the stream's rows, and where results are kept."""

    con: duckdb.DuckDBPyConnection
    lake: Lake
    stream: Stream
    chunk_file: ChunkFile


def judge(comparing: Comparing, sights: Sequence[Sight], decisions: Sequence[Decision]) -> Timeline:
    """Decide which captures count, walking them in the order of time.

    A capture is compared only with captures that are older and count themselves, so that the
    result is the same in whatever order files arrived.
    """
    stream = comparing.stream
    accepted = _accepted(decisions)
    dropped = _dropped_files(decisions)
    withdrawing = frozenset(d.file_id for d in decisions if d.kind == "withdraw")
    counted: list[Sight] = []
    standings: list[Standing] = []
    held: dict[str, dict[str, set[str]]] = {}
    withdrawn: dict[str, list[Reach]] = {}
    for seen in in_order(sights):
        file_id = seen.capture.file_id
        found = list(_own_standings(stream, seen, accepted.get(file_id, frozenset())))
        if file_id in dropped:
            found.append(_dropped(stream, seen))
        older = held.setdefault(seen.capture.account_id, {})
        if not _stops(found):
            gone = withdrawn.get(seen.capture.account_id, [])
            found += _compared(comparing, seen, _Owed(older, tuple(gone)), accepted)
        standings += found
        if _stops(found):
            continue
        standings += _filtered(stream, seen, counted)
        counted.append(seen)
        if file_id in withdrawing:
            withdrawn.setdefault(seen.capture.account_id, []).append(_reach(seen.profile))
        for partition, chunk in seen.profile.chunks.items():
            older.setdefault(partition, set()).add(chunk.fingerprint)
    return Timeline(
        counted=tuple(counted),
        standings=tuple(_distinct(standings)),
        withdrawing=withdrawing,
    )


def _accepted(decisions: Sequence[Decision]) -> Mapping[str, frozenset[str]]:
    codes: dict[str, frozenset[str]] = {}
    for decision in decisions:
        if decision.kind in {"accept", "withdraw"}:
            codes[decision.file_id] = codes.get(decision.file_id, frozenset()) | set(decision.codes)
    return codes


def _dropped_files(decisions: Sequence[Decision]) -> set[str]:
    """The files whose newest decision is to drop them; `decisions` are the oldest first."""
    last = {d.file_id: d.kind for d in decisions if d.kind in {"accept", "withdraw", "drop"}}
    return {file_id for file_id, kind in last.items() if kind == "drop"}


def waived_codes(decisions: Sequence[Decision], file_id: str) -> frozenset[str]:
    """The reasons that a person accepted for a payload."""
    return _accepted(decisions).get(file_id, frozenset())


def _stops(standings: Sequence[Standing]) -> bool:
    return any(standing.status in {SET_ASIDE, DROPPED} for standing in standings)


def _distinct(standings: Sequence[Standing]) -> list[Standing]:
    """One standing for each payload and code: the newest capture's words."""
    return list({(s.file_id, s.code): s for s in standings}.values())


def _own_standings(stream: Stream, seen: Sight, accepted: frozenset[str]) -> list[Standing]:
    found = []
    for rule in seen.profile.rules:
        code = f"rule:{rule.name}"
        is_error = rule.severity == "error" and code not in accepted
        found.append(
            _standing(
                stream,
                seen,
                status=SET_ASIDE if is_error else "warning",
                code=code,
                reason=f"{rule.failing} line(s): {rule.description}",
                seen="; ".join(rule.examples),
                next_step=_accept(seen) if is_error else "",
            )
        )
    if seen.profile.unknown_headers:
        names = ", ".join(f"`{name}`" for name in seen.profile.unknown_headers)
        found.append(
            _standing(
                stream,
                seen,
                status="warning",
                code="unknown_columns",
                reason=f"columns that no contract knows were kept out: {names}",
                next_step="add the column to the contract if it is wanted",
            )
        )
    return found


def _dropped(stream: Stream, seen: Sight) -> Standing:
    return _standing(
        stream, seen, status=DROPPED, code="dropped", reason="a person decided to drop this file"
    )


def _standing(stream: Stream, of: Sight, **told: Any) -> Standing:  # noqa: ANN401 - its fields
    """A standing of a capture's payload; `told` are the standing's own fields."""
    return Standing(
        file_id=of.capture.file_id,
        source=stream.source,
        stream=stream.name,
        name=of.capture.name,
        origin="standing",
        **told,
    )


def _accept(seen: Sight) -> str:
    return (
        "import the file as the platform gave it; if it is right as it is: "
        f"`bedrot quarantine accept {seen.capture.file_id}`"
    )


def _filtered(stream: Stream, seen: Sight, counted: Sequence[Sight]) -> list[Standing]:
    """Say that an export leaves out what older ones of its account hold: that is no fault."""
    before = [s.profile for s in counted if s.capture.account_id == seen.capture.account_id]
    own = seen.profile
    lacking = []
    for name, values in own.scope.items():
        missing = {v for profile in before for v in profile.scope.get(name, ())} - set(values)
        if missing:
            shown = ", ".join(sorted(missing)[:3]) + (", …" if len(missing) > 3 else "")
            lacking.append(f"{len(missing)} of {name} ({shown})")
    if not lacking:
        return []
    return [
        _standing(
            stream,
            seen,
            status="information",
            code="filtered",
            reason="the export is filtered; older ones hold more: " + "; ".join(lacking),
        )
    ]


@dataclass(frozen=True, slots=True)
class _Owed:
    """What older captures make a newer one owe: their rows, but for what was withdrawn since."""

    rows: Mapping[str, set[str]]
    withdrawn: tuple[Reach, ...]


def _reach(profile: Profile) -> Reach:
    first, last = profile.first, profile.newest
    assert first is not None  # noqa: S101 - a profile has rows, and every row its closing date
    assert last is not None  # noqa: S101
    return Reach(first=first, last=last, values=profile.scope)


def _compared(
    comparing: Comparing,
    seen: Sight,
    older: _Owed,
    accepted: Mapping[str, frozenset[str]],
) -> list[Standing]:
    lacking = _lacking(comparing, seen, older)
    if not lacking.keys:
        return []
    is_accepted = LACKS_LINES in accepted.get(seen.capture.file_id, frozenset())
    file_id = seen.capture.file_id
    return [
        _standing(
            comparing.stream,
            seen,
            status="warning" if is_accepted else SET_ASIDE,
            code=LACKS_LINES,
            reason=(
                f"{lacking.keys} line(s) of older exports, {plain(Decimal(lacking.amount))} USD, "
                "are missing although the same artists, stores and months are in it: "
                "the export is truncated, or the platform withdrew them"
            ),
            seen="; ".join(lacking.examples),
            next_step=""
            if is_accepted
            else "download the export again and import it; if the file is right: "
            f"`bedrot quarantine accept {file_id}`, and with `--withdraw` the missing lines go",
        )
    ]


def _lacking(comparing: Comparing, seen: Sight, older: _Owed) -> Lacking:
    keys, amount = 0, Decimal(0)
    examples: list[str] = []
    for partition in sorted(older.rows):
        own = seen.profile.chunks.get(partition)
        others = older.rows[partition] - {own.fingerprint if own else ""}
        if not others or not seen.profile.spans(partition):
            continue
        owed = _Owed({partition: others}, older.withdrawn)
        found = _lacking_in(comparing, seen, partition, owed)
        keys += found.keys
        amount += Decimal(found.amount)
        examples += found.examples
    return Lacking(keys=keys, amount=str(amount), examples=tuple(examples[:3]))


def _lacking_in(comparing: Comparing, seen: Sight, partition: str, owed: _Owed) -> Lacking:
    """One partition's comparison, kept under the hash of what was compared."""
    lake, stream = comparing.lake, comparing.stream
    others = sorted(owed.rows[partition])
    own = seen.profile.chunks.get(partition)
    compared = [partition, others, seen.capture.file_id, [_told(r) for r in owed.withdrawn]]
    name = hashlib.sha256(canonical_json(compared).encode()).hexdigest()[:32]
    note = read_note(lake, stream.table, stream.definition_id, name)
    if note is not None:
        told = json.loads(note)
        return Lacking(**{**told, "examples": tuple(told["examples"])})
    found = lacking_keys(
        comparing.con,
        stream.contract,
        older=[comparing.chunk_file(partition, fingerprint) for fingerprint in others],
        newer=comparing.chunk_file(partition, own.fingerprint) if own else None,
        reach=_reach(seen.profile),
        withdrawn=owed.withdrawn,
    )
    told = {"keys": found.keys, "amount": found.amount, "examples": list(found.examples)}
    write_note(lake, stream.table, stream.definition_id, name, canonical_json(told).encode())
    return found


def _told(reach: Reach) -> list[object]:
    return [
        reach.first.isoformat(),
        reach.last.isoformat(),
        {name: sorted(values) for name, values in reach.values.items()},
    ]
