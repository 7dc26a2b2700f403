"""What the names and times of a capture say of an export: its window, its account, its moment."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from bedrot.core.dates import stamp_in_name
from bedrot.extract.streams import ACCOUNT, DEFAULT

if TYPE_CHECKING:
    from bedrot.catalog.records import CaptureRecord
    from bedrot.extract.streams import Hints

WINDOW = "window"
MOMENT = "moment"
EVENING = "evening"

# Overview_2024-05-28_1748345895_zone.a0.zip
_ARCHIVE = re.compile(
    r"[A-Za-z]+_(?P<first>\d{4}-\d{2}-\d{2})_(?P<epoch>\d{9,10})_(?P<rest>.+)\.zip",
    re.IGNORECASE,
)
_UNDATED_ARCHIVE = re.compile(
    r"(?:Overview|Viewers|Content|Followers)_(?P<rest>.+)\.zip", re.IGNORECASE
)

_HANDLE = r"(?P<handle>[a-z0-9_.]*[a-z0-9_])(?<!\.zip)"
# How browsers and file managers call a second one: `x (1)`, `x copy 2`, `x - Kopie (2)`. A mark of
# another language is no handle either, so such a name says no account, and never a new one.
_COPY = "copy|kopie|copie|copia|cópia|kopia|kopi|kopio|kopya|másolat"
_MARK = rf"(?: ?\(\d+\)|(?: ?[-–—] ?| )(?:{_COPY})(?: \d+)?| \((?:{_COPY})\))"  # noqa: RUF001
_COPIED = re.compile(f"{_HANDLE}{_MARK}*", re.IGNORECASE)
# Safari's `x-1`, and Finder's `x 2`: without the seconds before it, this may be a part of a date.
_COUNTED = re.compile(rf"{_HANDLE}(?:[ -]\d{{1,2}})?{_MARK}*", re.IGNORECASE)

# No zone with people in it is further behind UTC.
_FURTHEST_WEST = 11


def window_of(record: CaptureRecord) -> Mapping[str, str]:
    """The window that was stated, else the one in the archive's name; empty where neither is.

    The archive's number of seconds is the window's last day with the time of the download. In a
    zone west of Greenwich that day may be over in UTC while it is still evening there: where that
    can be, it is said, as the window may end a day earlier then.
    """
    stated = record.parameters.get("window")
    if stated:
        return {WINDOW: str(stated)}
    named = _archive(record.container)
    if named is None:
        return {}
    moment = datetime.fromtimestamp(int(named["epoch"]), UTC)
    told = {WINDOW: f"{named['first']}..{moment.date()}"}
    return {**told, EVENING: "possible"} if moment.hour < _FURTHEST_WEST else told


def moment_is_known(record: CaptureRecord) -> Mapping[str, str]:
    """Says that the moment of a capture is known, by what the lake takes it from.

    The moment itself is no part of how the bytes are read: read twice, they are one payload.
    """
    is_known = (
        record.captured_at is not None
        or record.as_of_stated is not None
        or member_moment(record) is not None
        or any(
            stamp_in_name(name, ZoneInfo("UTC")) is not None
            for name in (record.name, _name_of(record.container))
        )
    )
    return {MOMENT: "known"} if is_known else {}


def window_or_moment(record: CaptureRecord) -> Mapping[str, str]:
    """The window, or else that the moment is known."""
    return window_of(record) or moment_is_known(record)


def of_known_account(hints: Hints) -> Hints:
    """The same hints, and whether somebody said whose the export is: an account has no default.

    TikTok's archives say it in their names. A loose file has lost it.
    """

    def told(record: CaptureRecord) -> Mapping[str, str]:
        is_said = record.parameters.get(ACCOUNT) != DEFAULT
        return {**hints(record), **({ACCOUNT: "said"} if is_said else {})}

    return told


def member_moment(record: CaptureRecord) -> datetime | None:
    """When TikTok packed the export: the member's time, in archives that are named as TikTok does.

    Members of other archives carry the time of some file, which is never taken for the truth.
    """
    name = _name_of(record.container)
    is_ours = _ARCHIVE.fullmatch(name) or _UNDATED_ARCHIVE.fullmatch(name)
    return record.member_time if is_ours else None


def account_in_name(_name: str, container: str | None) -> str | None:
    """The account in the name of TikTok's archive: the handle, which has no case.

    A name behind which a person or a program wrote something else names nobody.
    """
    name = _name_of(container)
    for archive, whole in ((_ARCHIVE, _COUNTED), (_UNDATED_ARCHIVE, _COPIED)):
        named = archive.fullmatch(name)
        if named is not None:
            found = whole.fullmatch(named["rest"])
            return found["handle"].casefold() if found else None
    return None


def _archive(container: str | None) -> re.Match[str] | None:
    found = _ARCHIVE.fullmatch(_name_of(container))
    if found is None:
        return None
    try:
        date.fromisoformat(found["first"])
    except ValueError:
        return None
    return found


def _name_of(container: str | None) -> str:
    """The archive's own name, without the folders before it and the hash behind it."""
    if container is None:
        return ""
    name = container.rpartition("#")[0].replace("\\", "/").rpartition("/")[2]
    return unicodedata.normalize("NFC", name)  # macOS takes letters and their accents apart
