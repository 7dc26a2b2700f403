"""The exports about followers that are no history: when they are there, who and where they are."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

from bedrot.errors import RejectedPayloadError
from bedrot.extract.parsed import Parsed
from bedrot.extract.streams import Note
from bedrot.sources.tiktok.captures import MOMENT
from bedrot.sources.tiktok.daily import DAY, parsed, unreadable_notes, with_states
from bedrot.sources.tiktok.days import (
    ONE_DAY,
    PrintedDay,
    first_on_or_after,
    read_days,
    read_window,
    with_years,
)
from bedrot.sources.tiktok.export_errors import (
    HOURS_MISSING,
    MISSING_MOMENT,
    SHARES_DISAGREE,
    STATE_MOMENT,
    UNREADABLE_VALUE,
    is_only_printed,
    rejected,
    window_disagrees,
)
from bedrot.sources.tiktok.exports import (
    Export,
    Figures,
    Shape,
    counts,
    read_export,
    shares,
)

SHARE = "share"

FOLLOWER_ACTIVITY = Shape(
    name="follower_activity",
    title="activity of followers by hour",
    signs=(
        frozenset({"hour", "active_follower_count"}),
        frozenset({DAY, "active_follower_count"}),
    ),
    needed=(DAY, "hour", "active_follower_count"),
)
FOLLOWER_GENDER = Shape(
    name="follower_gender",
    title="gender of followers",
    signs=(frozenset({"gender", SHARE}),),
    needed=("gender", SHARE),
)
FOLLOWER_TOP_TERRITORIES = Shape(
    name="follower_top_territories",
    title="top territories of followers",
    signs=(frozenset({"territory", SHARE}),),
    needed=("territory", SHARE),
)

_HOUR = re.compile(r"[0-9]|0[0-9]|1[0-9]|2[0-3]")
_HOURS = 24
_AFTER_WINDOW = timedelta(days=31)
"""How long after its window's last day an export may be taken, as far as its year is told by it."""


def read_follower_activity(path: Path, waived: frozenset[str], given: Mapping[str, str]) -> Parsed:
    """Followers who were there, by hour of the last days.

    The days end on the day of the export, which is a day or two after the window's last day.

    Raises:
        RejectedPayloadError: The file is not whole, a figure is unreadable, or the year of its
            days is not known.
    """
    export = read_export(path, FOLLOWER_ACTIVITY, waived)
    figures = {"active_follower_count": counts(export, "active_follower_count", waived)}
    hours = _hours(export, waived)
    dates = _activity_dates(export, waived, given)
    if HOURS_MISSING not in waived:
        _refuse_missing_hours(dates, hours)
    columns: dict[str, Sequence[str | None]] = {
        "day_date": [None if day is None else str(day) for day in dates],
        "day_hour": hours,
        **with_states(figures),
    }
    notes = [*export.notes, *unreadable_notes(figures)]
    return parsed(export, FOLLOWER_ACTIVITY, columns, notes)


def _hours(export: Export, waived: frozenset[str]) -> list[str | None]:
    hours: list[str | None] = []
    for number, text in enumerate(export.column("hour"), start=1):
        is_hour = _HOUR.fullmatch(text.strip()) is not None
        if not is_hour and not is_only_printed(waived):
            msg = f"record {number}: `{text[:40]}` is not an hour from 0 to 23"
            raise rejected(msg, UNREADABLE_VALUE, seen=f"`{export.records[number - 1][:160]}`")
        hours.append(str(int(text)) if is_hour else None)
    return hours


def _activity_dates(
    export: Export, waived: frozenset[str], given: Mapping[str, str]
) -> Sequence[date | None]:
    try:
        printed = read_days(export.column(DAY))
        window = read_window(given)
        if window is None:
            return with_years(printed)
        return _walked(printed, window[1])
    except RejectedPayloadError:
        if is_only_printed(waived):
            return [None] * export.size
        raise


def _walked(printed: Sequence[PrintedDay], last: date) -> list[date]:
    """The days of rows, consecutive and ending within a month after the window's last day."""
    different = list(dict.fromkeys(printed))
    ends = [
        first_on_or_after(day, last - ONE_DAY)
        for day in different
        if len(different) == 1 or not _has_next(day, different)
    ]
    if len(ends) != 1 or not last - ONE_DAY <= ends[0] <= last + _AFTER_WINDOW:
        told = ", ".join(f"`{day}`" for day in different[:10])
        msg = f"the days {told} do not end together within a month after `{last}`"
        raise window_disagrees(msg, msg)
    days = [ends[0] - n * ONE_DAY for n in range(len(different))]
    found = {one: day for one in different for day in days if one.fits(day)}
    if len(found) < len(different):
        absent = next(one for one in different if one not in found)
        msg = f"`{absent}` is none of the {len(different)} days up to `{ends[0]}`"
        raise window_disagrees(msg, msg)
    return [found[one] for one in printed]


def _has_next(day: PrintedDay, days: Sequence[PrintedDay]) -> bool:
    """Whether the day after this one, in any year, is among the days."""
    followers = {
        first_on_or_after(day, date(year, 1, 1)) + ONE_DAY
        for year in ((day.year,) if day.year is not None else (2023, 2024))
    }
    return any(one.month == f.month and one.day == f.day for one in days for f in followers)


def _refuse_missing_hours(dates: Sequence[date | None], hours: Sequence[str | None]) -> None:
    """TikTok writes all hours of every day, the coming ones as 0.

    Raises:
        RejectedPayloadError: A day has fewer.
    """
    told: dict[date | None, set[str | None]] = {}
    for day, hour in zip(dates, hours, strict=True):
        told.setdefault(day, set()).add(hour)
    for day, found in told.items():
        if len(found) < _HOURS:
            msg = f"`{day}` has {len(found)} of {_HOURS} hours: the file was cut off or edited"
            raise rejected(msg, HOURS_MISSING, seen=f"`{day}`: {len(found)} hours")


def read_follower_gender(path: Path, waived: frozenset[str], given: Mapping[str, str]) -> Parsed:
    """Which part of the followers is of which gender.

    Raises:
        RejectedPayloadError: The file is not whole, a part is unreadable, they do not add up to
            one, or nothing says when it was true.
    """
    return _parts(path, FOLLOWER_GENDER, "gender", waived, given)


def read_follower_territories(
    path: Path, waived: frozenset[str], given: Mapping[str, str]
) -> Parsed:
    """Which part of the followers is in which country.

    Raises:
        RejectedPayloadError: As for the genders.
    """
    return _parts(path, FOLLOWER_TOP_TERRITORIES, "territory", waived, given)


def _parts(
    path: Path, shape: Shape, label: str, waived: frozenset[str], given: Mapping[str, str]
) -> Parsed:
    export = read_export(path, shape, waived)
    told = shares(export, SHARE, waived)
    notes = [*export.notes, *unreadable_notes({SHARE: told}), *_judged(told, waived)]
    if MOMENT not in given and not is_only_printed(waived):
        msg = f"nothing says when the list ({shape.title}) was true: the file prints no day"
        raise rejected(
            msg,
            MISSING_MOMENT,
            seen=export.header[:160],
            next_step=f"state the day of the download: {STATE_MOMENT}",
        )
    columns: dict[str, Sequence[str | None]] = {
        f"{label}_reported": export.column(label),
        "follower_share": told.values,
        "follower_pct_state": told.states,
    }
    return parsed(export, shape, columns, notes)


def _judged(told: Figures, waived: frozenset[str]) -> Iterator[Note]:
    """Parts that do not add up to one are not all there, unless they are rounded, or all are 0."""
    parts = [Decimal(value) for value in told.values if value is not None]
    total = sum(parts)
    scale = max((len(str(part).partition(".")[2]) for part in parts), default=0)
    rounding = Decimal(5).scaleb(-scale - 1) * len(parts)
    if len(parts) < len(told.values) or total == 0 or abs(total - 1) <= rounding:
        return
    msg = f"the parts add up to {total}, not to 1: rows are missing or changed"
    if SHARES_DISAGREE not in waived:
        raise rejected(msg, SHARES_DISAGREE, seen=f"{len(parts)} parts, {total} together")
    yield Note(code=SHARES_DISAGREE, text=f"a person accepted that {msg}")
