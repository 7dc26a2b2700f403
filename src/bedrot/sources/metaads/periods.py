"""Which days insights are about: one day each, or a whole life up to the day of the reading.

Meta marks neither. The rule:

- *daily*: every row is of one day (`date_start` = `date_stop`). Such a figure is the day's, however
  it was asked for.
- *lifetime*: some row spans more days, every entity has one row, and all rows end on the day of the
  reading (two days, where it ran past midnight). A row of one day is then an entity that began on
  that day.
- Everything else is set aside as `unknown_nature`: several rows of one entity (weeks, months), ends
  that differ, and rows that all cover one of the ranges that Ads Manager offers (the last 30 days,
  this month, this week), because nobody can tell them from lives that began together.

Any other range that all rows share may still have been chosen: it is said aloud, unless the file
tells of every row that what it is about began inside the range.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from bedrot.extract.streams import Note
from bedrot.sources.metaads.document_errors import MISSING_FIELD, UNREADABLE_VALUE, rejected
from bedrot.sources.metaads.fields import Row

DAILY = "daily"
LIFETIME = "lifetime"
UNKNOWN_NATURE = "unknown_nature"

_DAY = timedelta(days=1)
_WEEK = 7
_OFFERED_LENGTHS = frozenset({2, 3, 7, 14, 28, 30, 90})
_WEEK_STARTS = frozenset({0, 6})
"""Monday and Sunday: an account's weeks begin with one of them."""
_BEGINNINGS = ("created_time", "start_time")
_LEADING_DAY = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})(?:T.*)?")
_ASK_AGAIN = "ask with `time_increment=1` for days, or with `date_preset=maximum` for whole lives"


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A range of days; both ends belong to it."""

    start: date
    stop: date

    @property
    def days(self) -> int:
        """How many days."""
        return (self.stop - self.start) // _DAY + 1

    def __str__(self) -> str:
        return f"{self.start}..{self.stop}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Nature:
    """`daily` or `lifetime`, and what is odd about it."""

    name: str
    notes: tuple[Note, ...] = ()


def span_of(row: Row) -> Span:
    """The days that a row is about.

    Raises:
        RejectedPayloadError: an end is missing, is no day, or lies before the beginning.
    """
    start, stop = row.day("date_start"), row.day("date_stop")
    if start is None or stop is None:
        lacking = "date_start" if start is None else "date_stop"
        msg = f"{row.place} has no `{lacking}`: its days are unknown"
        raise rejected(msg, MISSING_FIELD, seen=f"{row.place}: {row.record[:160]}")
    if stop < start:
        msg = f"{row.place} ends on {stop}, before it begins on {start}"
        raise rejected(msg, UNREADABLE_VALUE, seen=f"{row.place}: {row.record[:160]}")
    return Span(start, stop)


def is_whole(row: Row, span: Span) -> bool:
    """Whether a row tells that what it is about began inside its days: those are its whole life."""
    begun = [_leading_day(row.fields.get(name)) for name in _BEGINNINGS]
    return any(day is not None and day >= span.start for day in begun)


def _leading_day(value: object) -> date | None:
    """The day of a time as it is written: Meta writes them in the ad account's time zone."""
    found = _LEADING_DAY.fullmatch(value) if isinstance(value, str) else None
    try:
        return date.fromisoformat(found[1]) if found else None
    except ValueError:
        return None


def nature_of(
    told: Sequence[tuple[str, Span]], waived: frozenset[str], *, are_whole: bool = False
) -> Nature:
    """What rows are, by entity and span; `are_whole` where the file shows that they are lives.

    Raises:
        RejectedPayloadError: with code `unknown_nature`, as the module says.
    """
    spans = [span for _, span in told]
    if all(span.days == 1 for span in spans):
        return Nature(name=DAILY)
    counts = Counter(entity for entity, _ in set(told))
    entity, most = counts.most_common(1)[0]
    if most > 1:
        msg = (
            f"`{entity}` has {most} rows, and not all are of one day: weeks or months are not read"
        )
        raise _unknown(msg, spans)
    stops = sorted({span.stop for span in spans})
    if UNKNOWN_NATURE not in waived:
        if stops[-1] - stops[0] > _DAY:
            msg = f"the rows end on different days, from {stops[0]} to {stops[-1]}"
            raise _unknown(msg, spans)
        if len(set(spans)) == 1 and _is_offered(spans[0]):
            msg = (
                f"all rows cover {spans[0]}, a range that Ads Manager offers: these may be figures "
                "of that range and not of whole lives"
            )
            raise _unknown(msg, spans)
    return Nature(name=LIFETIME, notes=() if are_whole else _shared_span(spans))


def _shared_span(spans: Sequence[Span]) -> tuple[Note, ...]:
    if len(set(spans)) > 1:
        return ()
    told = f"all {len(spans)} rows cover {spans[0]}: they are lives only if all began that day"
    if len(spans) == 1:
        told = f"the only row covers {spans[0]}: it is a life only if that began on its first day"
    return (Note(code="same_span", text=told),)


def _is_offered(span: Span) -> bool:
    """Whether a range is one of Ads Manager's own: last days, this week, or a month or more."""
    if span.days in _OFFERED_LENGTHS:
        return True
    if span.days < _WEEK and span.start.weekday() in _WEEK_STARTS:
        return True
    first, last = span.start, span.stop
    if first.day != 1 or first.year != last.year:
        return False
    is_quarter = first.month % 3 == 1 and last.month < first.month + 3
    return first.month in {1, last.month} or is_quarter


def _unknown(why: str, spans: Sequence[Span]) -> Exception:
    msg = f"it cannot be told whether these are figures of days or of whole lives: {why}"
    shown = ", ".join(str(span) for span in sorted(set(spans))[:4])
    return rejected(msg, UNKNOWN_NATURE, seen=shown, next_step=_ASK_AGAIN)
