"""Times read from names and texts; every result is an aware UTC time."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from bedrot.errors import UsageError

# 20250527_102936, 2025-05-27T10-29-36, 20250527-1029: a stamp must not continue a longer number.
_STAMP = re.compile(
    r"(?<!\d)(20\d{2})-?(0[1-9]|1[0-2])-?(0[1-9]|[12]\d|3[01])"
    r"[_T -]?([01]\d|2[0-3])[-:.]?([0-5]\d)(?:[-:.]?([0-5]\d))?(?!\d)"
)


def stamp_in_name(name: str, zone: ZoneInfo) -> datetime | None:
    """The time stamp in a file's or its nearest folder's name, read as local time of `zone`.

    The file's own name is asked first, then its folders from the inside out. A stamp needs a date
    and a time of day; a bare date in a name is too often something else. Rule: `as_of` step 2.
    """
    for part in reversed(name.replace("\\", "/").split("/")):
        found = None
        for match in _STAMP.finditer(part):
            found = _local_time(match, zone) or found
        if found is not None:
            return found
    return None


def _local_time(match: re.Match[str], zone: ZoneInfo) -> datetime | None:
    numbers = [int(group or 0) for group in match.groups()]
    try:
        return datetime(*numbers, tzinfo=zone).astimezone(UTC)  # type: ignore[misc,arg-type]
    except ValueError:  # 31 February: digits that look like a stamp and are none
        return None


def start_of_day(day: date) -> datetime:
    """Midnight UTC of a day."""
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


def read_moment(text: str, zone: ZoneInfo) -> datetime:
    """A date or an ISO 8601 time as a person types it; without an offset it is local to `zone`.

    Raises:
        UsageError: the text is neither.
    """
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as exc:
        msg = f"`{text}` is not a date or time"
        raise UsageError(msg, next_step="write it like 2025-05-27 or 2025-05-27T10:29:36") from exc
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=zone)
    return moment.astimezone(UTC)


def read_window(text: str) -> tuple[date, date]:
    """A closed range of days as a person types it: `2026-02-25..2026-03-24`.

    Raises:
        UsageError: the text is none, or ends before it begins.
    """
    first, dots, last = text.partition("..")
    try:
        window = date.fromisoformat(first.strip()), date.fromisoformat(last.strip())
    except ValueError as exc:
        msg = f"`{text}` is not a window of days"
        raise UsageError(msg, next_step="write it like 2026-02-25..2026-03-24") from exc
    if not dots or window[1] < window[0]:
        msg = f"the window `{text}` ends before it begins"
        raise UsageError(msg, next_step="write the first day, two dots, and the last day")
    return window
