"""The export of posts: what each had gathered since it was posted, on the day of the export."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from bedrot.errors import RejectedPayloadError
from bedrot.extract.parsed import Parsed
from bedrot.extract.streams import Note
from bedrot.sources.tiktok.captures import MOMENT, WINDOW
from bedrot.sources.tiktok.daily import parsed, unreadable_notes, with_states
from bedrot.sources.tiktok.days import (
    ONE_DAY,
    PrintedDay,
    first_on_or_after,
    read_days,
    read_window,
    with_years,
)
from bedrot.sources.tiktok.export_errors import (
    MISSING_MOMENT,
    STATE_MOMENT,
    UNREADABLE_VALUE,
    is_only_printed,
    rejected,
    window_disagrees,
)
from bedrot.sources.tiktok.exports import Export, Shape, counts, read_export

CONTENT = Shape(
    name="content",
    title="list of posts",
    signs=(
        frozenset({"post_url", "post_title"}),
        frozenset({"post_url", "post_day"}),
        frozenset({"post_title", "post_day"}),
    ),
    needed=(
        "post_url",
        "post_day",
        "video_view_count",
        "like_count",
        "comment_count",
        "share_count",
    ),
    optional=(
        "counted_day",
        "post_title",
        "favorite_count",
        "total_play_time_reported",
        "average_watch_time_reported",
        "watched_full_reported",
    ),
    known=3,
)
_FIGURES = ("video_view_count", "like_count", "comment_count", "share_count", "favorite_count")
_TEXTS = (
    "post_title",
    "total_play_time_reported",
    "average_watch_time_reported",
    "watched_full_reported",
)

_LINK = re.compile(r"https?://[^\s]*/(video|photo)/([0-9]{15,20})(?:[/?#][^\s]*)?")
_RESHAPED = re.compile(r"/[0-9][0-9.,]*E\+?[0-9]+", re.IGNORECASE)
_FIRST_POST = date(2014, 1, 1)
"""Before there was anything of which TikTok was made; an id that says so is none."""
_AFTER_WINDOW = timedelta(days=31)
"""How long after its window's last day an export may be taken, as far as its year is told by it."""
_SCHEDULED = timedelta(days=31)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Post:
    """What a link says: the upper half of the id's 64 bits are seconds."""

    post_id: str
    post_type: str
    created_seconds: int

    @property
    def created_date(self) -> date:
        return datetime.fromtimestamp(self.created_seconds, UTC).date()


def read_posts(path: Path, waived: frozenset[str], given: Mapping[str, str]) -> Parsed:
    """The totals of each post.

    Raises:
        RejectedPayloadError: The file is not whole, a figure or a link is unreadable, or the year
            of the day on which it was counted is not known.
    """
    export = read_export(path, CONTENT, waived)
    figures = {field: counts(export, field, waived) for field in _FIGURES}
    posts = _posts(export, waived)
    counted = _counted(export, posts, waived, given)
    posted, notes = _posted(export, posts, waived)
    columns: dict[str, Sequence[str | None]] = {
        "counted_date": [None if day is None else str(day) for day in counted],
        "post_id": [None if post is None else post.post_id for post in posts],
        "post_type": [None if post is None else post.post_type for post in posts],
        "post_created_at": [None if post is None else str(post.created_seconds) for post in posts],
        "post_date": [None if day is None else str(day) for day in posted],
        "post_day_reported": export.column("post_day"),
        "post_url": export.column("post_url"),
        **{field: export.values[field] for field in _TEXTS if field in export.values},
        **with_states(figures),
    }
    return parsed(export, CONTENT, columns, [*export.notes, *unreadable_notes(figures), *notes])


def _posts(export: Export, waived: frozenset[str]) -> list[_Post | None]:
    posts = []
    for number, link in enumerate(export.column("post_url"), start=1):
        post = _post(link.strip())
        if post is None and not is_only_printed(waived):
            why = "its id was reshaped by a spreadsheet" if _RESHAPED.search(link) else "no post"
            msg = f"record {number}: the link `{link[:80]}` names no post: {why}"
            raise rejected(msg, UNREADABLE_VALUE, seen=f"`{link[:160]}`")
        posts.append(post)
    return posts


def _post(link: str) -> _Post | None:
    found = _LINK.fullmatch(link)
    if found is None:
        return None
    seconds = int(found[2]) >> 32
    post = _Post(post_id=found[2], post_type=found[1], created_seconds=seconds)
    is_time = _FIRST_POST <= post.created_date <= date(2100, 1, 1)
    return post if is_time else None


def _counted(
    export: Export,
    posts: Sequence[_Post | None],
    waived: frozenset[str],
    given: Mapping[str, str],
) -> list[date | None]:
    """The day on which each row was counted; none where the file does not print it."""
    try:
        if "counted_day" in export.values:
            counted = _printed_days(export, given)
            _refuse_later_posts(posts, counted)
            return list(counted)
        if not given.keys() & {WINDOW, MOMENT} and not is_only_printed(waived):
            msg = "the file does not say when its totals were counted"
            raise rejected(
                msg,
                MISSING_MOMENT,
                seen=export.header[:160],
                next_step=f"import the zip as TikTok named it, or state the day: {STATE_MOMENT}",
            )
    except RejectedPayloadError:
        if not is_only_printed(waived):
            raise
    return [None] * export.size


def _printed_days(export: Export, given: Mapping[str, str]) -> list[date]:
    printed = read_days(export.column("counted_day"))
    window = read_window(given)
    if window is None:
        return with_years(printed)
    return [_near(day, window[1]) for day in printed]


def _near(printed: PrintedDay, last: date) -> date:
    """The first such day from the window's last day on: the export's own day, one or two later."""
    day = first_on_or_after(printed, last - ONE_DAY)
    if not last - ONE_DAY <= day <= last + _AFTER_WINDOW:
        told = f"it was counted on `{printed}`, which is not within a month after `{last}`"
        raise window_disagrees(told, told)
    return day


def _refuse_later_posts(posts: Sequence[_Post | None], counted: Sequence[date]) -> None:
    for number, (post, day) in enumerate(zip(posts, counted, strict=True), start=1):
        if post is not None and post.created_date > day + ONE_DAY:
            told = f"record {number} was posted on {post.created_date}, after `{day}`"
            raise window_disagrees(told, told)


def _posted(
    export: Export, posts: Sequence[_Post | None], waived: frozenset[str]
) -> tuple[list[date | None], list[Note]]:
    """The day that is printed as that of the post, with the year from its id.

    It is printed in somebody's zone, so it may be the day before, and is later for a post that
    was scheduled.
    """
    try:
        printed = read_days(export.column("post_day"))
    except RejectedPayloadError:
        if is_only_printed(waived):
            return [None] * export.size, []
        raise
    days = [
        None if post is None else first_on_or_after(day, post.created_date - ONE_DAY)
        for day, post in zip(printed, posts, strict=True)
    ]
    return days, list(_far_days(posts, days))


def _far_days(posts: Sequence[_Post | None], days: Sequence[date | None]) -> Iterator[Note]:
    far = [
        f"`{post.post_id}` was made on {post.created_date} and is printed as of {day}"
        for post, day in zip(posts, days, strict=True)
        if post is not None
        and day is not None
        and not post.created_date - ONE_DAY <= day <= post.created_date + _SCHEDULED
    ]
    if far:
        text = f"{len(far)} post(s) are printed far from the day that their id tells: {far[0]}"
        yield Note(code="post_day_far", text=text)
