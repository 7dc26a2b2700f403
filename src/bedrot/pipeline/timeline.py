"""The captures of a stream in the order in which they were true, each with its standing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from bedrot.catalog.records import CaptureRecord, Decision, Standing
from bedrot.core.dates import stamp_in_name, start_of_day
from bedrot.extract.streams import ANSWERS
from bedrot.zones.parts import Note, Profile

if TYPE_CHECKING:
    import duckdb

    from bedrot.extract.streams import Stream
    from bedrot.zones.lake import Lake

LACKS_LINES = "lacks_lines"
OTHER_HOLDER = "other_holder"
UNKNOWN_MOMENT = "unknown_moment"
MOMENT = "moment"
"""The parameter of a capture with the time that its archive tells."""
DROPPED = "dropped"
SET_ASIDE = "set_aside"

_CLOCK_TOLERANCE = 0.5
"""Hours between saving a page and the time that it prints."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """One capture with what its payload says and when that was true."""

    capture: CaptureRecord
    profile: Profile
    as_of: datetime | None
    as_of_from: str
    stamp: datetime | None = None
    """The time in the capture's name, whether it counts or not."""
    capture_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeline:
    """The captures that count, oldest `as_of` first, and what is to be said of all."""

    counted: tuple[Sight, ...]
    standings: tuple[Standing, ...]
    withdrawing: frozenset[str]
    """File ids of payloads whose missing lines a person declared withdrawn."""


def as_of(
    lake: Lake, capture: CaptureRecord, newest: datetime | None, printed: datetime | None = None
) -> tuple[datetime | None, str]:
    """When the content of a capture was true, and where that was found (rule: time, §2).

    A stamp in a name counts unless the content prints another day: people rename and copy files.
    A time that a person states outranks the newest period in the content, which is only the
    earliest moment at which the file can have been made.
    """
    if capture.captured_at is not None:
        return capture.captured_at, "capture"
    if MOMENT in capture.parameters:
        return datetime.fromisoformat(capture.parameters[MOMENT]), "archive"
    stamp = stamp_of(lake, capture)
    if stamp is not None and (printed is None or not _is_another_day(stamp, printed)):
        return stamp, "name"
    if printed is not None:
        return printed, "content"
    if capture.as_of_stated is not None:
        return capture.as_of_stated, "stated"
    return newest, "newest period" if newest else "unknown"


def stamp_of(lake: Lake, capture: CaptureRecord) -> datetime | None:
    """The time in a capture's name, else in that of its archive, read in the account's zone."""
    zone = lake.config.account(capture.account_id, capture.source).zone
    stamp = stamp_in_name(capture.name, zone)
    if stamp is None and capture.container is not None:
        stamp = stamp_in_name(capture.container.rpartition("#")[0], zone)
    return stamp


def _is_another_day(stamp: datetime, printed: datetime) -> bool:
    """More than the day that a wrongly configured zone can make."""
    return abs((stamp.astimezone(UTC).date() - printed.astimezone(UTC).date()).days) > 1


def sight(lake: Lake, capture: CaptureRecord, profile: Profile) -> Sight:
    """A capture at its time, and of the account's one name.

    The record keeps the name that was said. From here on there is only the one that the lake's
    configuration gives it, so that whatever is compared or merged knows no other.
    """
    newest = start_of_day(profile.newest) if profile.newest else None
    printed = datetime.fromisoformat(profile.printed_at) if profile.printed_at else None
    moment, found = as_of(lake, capture, newest, printed)
    account = lake.config.account(capture.account_id, capture.source)
    return Sight(
        capture=replace(capture, account_id=account.account_id),
        profile=profile,
        as_of=moment,
        as_of_from=found,
        stamp=stamp_of(lake, capture),
        capture_id=capture.capture_id,
    )


def with_moments(sights: Sequence[Sight]) -> list[Sight]:
    """The same sights; a copy that is dated by its content alone gets the moment of its original.

    The content tells the day. Where the same bytes of the account were seen under a stamp of that
    time, that is when they were true, and a copy under another name says nothing new. A copy of no
    known moment gets the earliest that is known of the same bytes, such as one that was stated.
    """
    stamped = _earliest(s for s in sights if s.as_of_from in {"capture", "archive", "name"})
    known = _earliest(sights)
    return [_at(seen, stamped, known) for seen in sights]


def _earliest(sights: Iterable[Sight]) -> dict[tuple[str, str], datetime]:
    """The earliest known moment of the same bytes of an account."""
    found: dict[tuple[str, str], datetime] = {}
    for seen in sights:
        if seen.as_of is not None:
            key = (seen.capture.file_id, seen.capture.account_id)
            found[key] = min(seen.as_of, found.get(key, seen.as_of))
    return found


def _at(
    seen: Sight,
    stamped: Mapping[tuple[str, str], datetime],
    known: Mapping[tuple[str, str], datetime],
) -> Sight:
    key = (seen.capture.file_id, seen.capture.account_id)
    if seen.as_of is None and key in known:
        return replace(seen, as_of=known[key])
    if seen.as_of_from == "content" and key in stamped:
        return replace(seen, as_of=stamped[key])
    return seen


def in_order(sights: Sequence[Sight]) -> list[Sight]:
    """Oldest `as_of` first, unknown before all; among equals the smaller payload hash last.

    What comes later stands, so of two captures of one moment the smaller hash stands.
    """
    by_hash = sorted(sights, key=lambda s: (s.capture.sha256, s.capture_id), reverse=True)
    return sorted(by_hash, key=lambda s: (s.as_of is not None, s.as_of))


ChunkFile = Callable[[str, str], Path]
"""A local Parquet file with the rows of a partition that have a fingerprint."""

Accepted = Mapping[str, frozenset[str]]
"""The codes that a person accepted, by payload."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparing:
    """What comparing captures needs: a session, the stream's rows, and where results are kept."""

    con: duckdb.DuckDBPyConnection
    lake: Lake
    stream: Stream
    chunk_file: ChunkFile


class Comparison(Protocol):
    """What a kind says of a capture beside the older ones that count, walked in order of time."""

    def found(self, seen: Sight, accepted: Accepted) -> list[Standing]:
        """The standings of a capture whose own content has nothing against it."""

    def count(self, seen: Sight) -> list[Standing]:
        """Let a capture count from here on; gives what is to be said of it besides."""


class NoComparison:
    """For kinds in which a capture says nothing of what an older one told."""

    def found(self, _seen: Sight, _accepted: Accepted) -> list[Standing]:
        return []

    def count(self, _seen: Sight) -> list[Standing]:
        return []


def judge(
    comparison: Comparison,
    stream: Stream,
    sights: Sequence[Sight],
    decisions: Sequence[Decision],
    holders: Mapping[str, str],
    stopped: frozenset[str] = frozenset(),
) -> Timeline:
    """Decide which captures count, walking them in the order of time.

    A capture is compared only with captures that are older and count themselves, so that the
    result is the same in whatever order files arrived. `holders` has the fingerprint of whose
    figures each account holds. `stopped` are payloads that another stream that
    reads them set aside: they count in none.
    """
    accepted = _accepted(decisions)
    dropped = dropped_files(decisions)
    counted: list[Sight] = []
    standings: list[Standing] = []
    answered = {seen.capture.parameters.get(ANSWERS) for seen in sights}
    for seen in in_order(sights):
        file_id = seen.capture.file_id
        if lacks_moment(stream, seen) and seen.capture_id in answered:
            continue  # somebody stated it, and whose it is besides
        found = list(_own_standings(stream, seen, accepted.get(file_id, frozenset())))
        found += _of_moment(stream, seen)
        found += _of_holder(stream, seen, holders, accepted.get(file_id, frozenset()))
        if file_id in dropped:
            found.append(_dropped(stream, seen))
        if not _stops(found) and file_id not in stopped:
            found += comparison.found(seen, accepted)
        standings += found
        if _stops(found) or file_id in stopped:
            continue
        standings += comparison.count(seen)
        counted.append(seen)
    return Timeline(
        counted=tuple(counted),
        standings=tuple(_distinct(standings)),
        withdrawing=withdrawing_files(decisions),
    )


def withdrawing_files(decisions: Sequence[Decision]) -> frozenset[str]:
    """File ids of payloads whose missing lines a person declared withdrawn."""
    return frozenset(d.file_id for d in decisions if d.kind == "withdraw")


def _accepted(decisions: Sequence[Decision]) -> Accepted:
    codes: dict[str, frozenset[str]] = {}
    for decision in decisions:
        if decision.kind in {"accept", "withdraw"}:
            codes[decision.file_id] = codes.get(decision.file_id, frozenset()) | set(decision.codes)
    return codes


def dropped_files(decisions: Sequence[Decision]) -> set[str]:
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
            standing_of(
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
            standing_of(
                stream,
                seen,
                status="warning",
                code="unknown_columns",
                reason=f"columns that no contract knows were kept out: {names}",
                next_step="add the column to the contract if it is wanted",
            )
        )
    notes: dict[str, list[Note]] = {}
    for note in seen.profile.notes:
        notes.setdefault(note.code, []).append(note)
    found += [
        standing_of(
            stream,
            seen,
            status=told[0].status,
            code=code,
            reason="; ".join(note.text for note in told),
        )
        for code, told in notes.items()
    ]
    return [*found, *_of_time(stream, seen)]


def _of_holder(
    stream: Stream, seen: Sight, holders: Mapping[str, str], accepted: frozenset[str]
) -> list[Standing]:
    """Figures of different people are never one account's."""
    own, known = seen.capture.holder, holders.get(seen.capture.account_id)
    if own is None or known is None or own == known:
        return []
    is_accepted = OTHER_HOLDER in accepted
    file_id = seen.capture.file_id
    return [
        standing_of(
            stream,
            seen,
            status="warning" if is_accepted else SET_ASIDE,
            code=OTHER_HOLDER,
            reason=f"it shows the figures of another account than the files of "
            f"`{seen.capture.account_id}` do",
            seen=f"{own}; the account's is {known}",
            next_step=""
            if is_accepted
            else "import it with `--account NAME` under an account of its own; if both are one: "
            f"`bedrot quarantine accept {file_id}`",
        )
    ]


def _of_moment(stream: Stream, seen: Sight) -> list[Standing]:
    """A level or a total of no known moment cannot have a row."""
    if not lacks_moment(stream, seen):
        return []
    return [
        standing_of(
            stream,
            seen,
            status=SET_ASIDE,
            code=UNKNOWN_MOMENT,
            reason="nothing tells when its figures were true, and they are about that moment",
            next_step=f"`bedrot quarantine accept {seen.capture.file_id} --as-of TIME`, "
            "or import it again so",
        )
    ]


def lacks_moment(stream: Stream, seen: Sight) -> bool:
    """Whether figures about a moment come without one."""
    is_told = seen.profile.rows > 0
    return is_told and seen.as_of is None and stream.contract.kind in {"stock", "lifetime"}


def _of_time(stream: Stream, seen: Sight) -> list[Standing]:
    """What the time in the name and the time in the content say of each other."""
    stamp, printed = seen.stamp, seen.profile.printed_at
    if stamp is None or printed is None:
        return []
    moment = datetime.fromisoformat(printed)
    if _is_another_day(stamp, moment):
        return [
            standing_of(
                stream,
                seen,
                status="warning",
                code="stamp_differs",
                reason=f"its name says {stamp:%Y-%m-%d}, its content {moment:%Y-%m-%d}: "
                "the content counts",
            )
        ]
    hours = _hours_apart(stamp, seen.profile.printed_clock)
    if hours is None or abs(hours) < _CLOCK_TOLERANCE:
        return []
    return [
        standing_of(
            stream,
            seen,
            status="information",
            code="zone_differs",
            reason=f"the time in its name and the one in its content are {abs(hours):.0f} h apart",
            next_step="set the account's time zone in `lake.toml`, if it is not "
            f"{stamp.tzinfo}: the names are read in it",
        )
    ]


def _hours_apart(stamp: datetime, clock: str | None) -> float | None:
    """The distance on a clock of twelve hours: the pages print no AM or PM."""
    if clock is None:
        return None
    told = time.fromisoformat(clock)
    at = stamp.astimezone(UTC)
    half_day = 12 * 3600
    apart = (
        (at.hour * 3600 + at.minute * 60 + at.second)
        - (told.hour * 3600 + told.minute * 60 + told.second)
    ) % half_day
    return min(apart, half_day - apart) / 3600


def _dropped(stream: Stream, seen: Sight) -> Standing:
    return standing_of(
        stream, seen, status=DROPPED, code="dropped", reason="a person decided to drop this file"
    )


def standing_of(stream: Stream, of: Sight, **told: Any) -> Standing:  # noqa: ANN401 - its fields
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
