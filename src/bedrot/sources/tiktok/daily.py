"""The exports with one row per day: overview, viewers and the history of followers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

from bedrot.errors import RejectedPayloadError
from bedrot.extract.parsed import Parsed
from bedrot.extract.streams import Note
from bedrot.sources.tiktok.captures import EVENING, WINDOW
from bedrot.sources.tiktok.days import read_dates, window_of_rows
from bedrot.sources.tiktok.export_errors import is_only_printed
from bedrot.sources.tiktok.exports import (
    UNREADABLE,
    Export,
    Figures,
    Shape,
    counts,
    read_export,
)

DAY = "day"

OVERVIEW = Shape(
    name="overview",
    title="overview by day",
    signs=(
        frozenset({DAY, "video_view_count"}),
        frozenset({DAY, "profile_view_count"}),
        frozenset({"video_view_count", "profile_view_count"}),
    ),
    needed=(
        DAY,
        "video_view_count",
        "profile_view_count",
        "like_count",
        "comment_count",
        "share_count",
    ),
    optional=(
        "reached_audience_count",
        "phone_click_count",
        "lead_count",
        "net_follower_count",
        "new_follower_count",
        "lost_follower_count",
    ),
    known=3,
)
VIEWERS = Shape(
    name="viewers",
    title="viewers by day",
    signs=(
        frozenset({"viewer_count", "new_viewer_count"}),
        frozenset({"viewer_count", "returning_viewer_count"}),
        frozenset({"new_viewer_count", "returning_viewer_count"}),
    ),
    needed=(DAY, "viewer_count", "new_viewer_count", "returning_viewer_count"),
)
FOLLOWER_HISTORY = Shape(
    name="follower_history",
    title="history of followers",
    signs=(
        frozenset({DAY, "difference"}),
        frozenset({"follower_count", "difference"}),
        frozenset({"follower_count", "engaged_audience_count"}),
    ),
    needed=(DAY, "follower_count"),
    # The difference is known and never read: it runs backward in some files, forward in others.
    optional=(
        "difference",
        "new_follower_count",
        "reached_audience_count",
        "engaged_audience_count",
    ),
)


def read_overview(path: Path, waived: frozenset[str], given: Mapping[str, str]) -> Parsed:
    """Views, likes and the like by day.

    Raises:
        RejectedPayloadError: The file is not whole, a figure is unreadable, or its days are not
            those of the window that the capture names.
    """
    return _daily(path, OVERVIEW, waived, given)


def read_viewers(path: Path, waived: frozenset[str], given: Mapping[str, str]) -> Parsed:
    """Different people who watched, by day.

    Raises:
        RejectedPayloadError: As for the overview.
    """
    return _daily(path, VIEWERS, waived, given)


def read_follower_history(path: Path, waived: frozenset[str], given: Mapping[str, str]) -> Parsed:
    """How many followers the account had on each day.

    Raises:
        RejectedPayloadError: As for the overview.
    """
    return _daily(path, FOLLOWER_HISTORY, waived, given)


def _daily(path: Path, shape: Shape, waived: frozenset[str], given: Mapping[str, str]) -> Parsed:
    export = read_export(path, shape, waived)
    figures = {
        field: counts(export, field, waived)
        for field in shape.fields
        if field not in {DAY, "difference"}
    }
    dates = days_or_none(export, DAY, waived, given)
    columns = {"day_date": [None if day is None else str(day) for day in dates]}
    notes = [
        *export.notes,
        *unreadable_notes(figures),
        *_early_end(dates, given),
        *_gaps(dates),
    ]
    return parsed(export, shape, {**columns, **with_states(figures)}, notes)


def days_or_none(
    export: Export, field: str, waived: frozenset[str], given: Mapping[str, str]
) -> Sequence[date | None]:
    """The days of the rows; none where records are only to be shown and cannot be dated."""
    try:
        return read_dates(export.column(field), window_of_rows(given, export.size))
    except RejectedPayloadError:
        if is_only_printed(waived):
            return [None] * export.size
        raise


def _early_end(dates: Sequence[date | None], given: Mapping[str, str]) -> Iterator[Note]:
    """A day of leeway that is used may also be a last record that was lost, so it is said."""
    last = max((day for day in dates if day is not None), default=None)
    if EVENING not in given or last is None or given[WINDOW].endswith(str(last)):
        return
    text = (
        f"its last day is {last}, the day before that in the archive's name: it was exported in an "
        "evening in the west, or its last record is gone"
    )
    yield Note(code="ends_early", text=text)


def _gaps(dates: Sequence[date | None]) -> Iterator[Note]:
    known = sorted(day for day in dates if day is not None)
    absent = [
        f"{one + timedelta(days=1)} to {other - timedelta(days=1)}"
        for one, other in pairwise(known)
        if (other - one).days > 1
    ]
    if absent:
        text = f"days are missing, and stay so: {', '.join(absent[:3])}"
        yield Note(code="days_missing", text=text)


def with_states(figures: Mapping[str, Figures]) -> dict[str, Sequence[str | None]]:
    """The columns of figures, each beside the one that says why it is null."""
    columns: dict[str, Sequence[str | None]] = {}
    for field, told in figures.items():
        columns[field] = told.values
        columns[f"{field}_state"] = told.states
    return columns


def unreadable_notes(figures: Mapping[str, Figures]) -> Iterator[Note]:
    """What a person let pass, said again."""
    for field, told in figures.items():
        count = sum(state == UNREADABLE for state in told.states)
        if count:
            text = f"a person accepted that {count} figure(s) under `{field}` cannot be read"
            yield Note(code="unreadable_values", text=text)


def parsed(
    export: Export,
    shape: Shape,
    columns: Mapping[str, Sequence[str | None]],
    notes: Sequence[Note],
) -> Parsed:
    """The rows of an export, in the order of its records."""
    return Parsed(
        layout=f"{shape.name}: {export.layout}",
        columns=columns,
        places=[f"record {number}" for number in range(1, export.size + 1)],
        records=export.records,
        head=export.header,
        notes=tuple(notes),
    )
