"""What counts where a visit tells the same several times: pages are drawn anew, windows overlap."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from bedrot.sources.linktree.answers import CITIES, Row
from bedrot.sources.linktree.looks import Look, Window
from bedrot.sources.linktree.windows import Placed, placed_breakdowns, placed_clicks

Key = Callable[[Row], tuple[str | None, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """The rows that count of several tellings of the same, and where another one differed."""

    rows: tuple[Row, ...]
    differing: tuple[str, ...] = ()


def profile_days(look: Look) -> Told:
    """The days of the longest overview, and those of shorter ones that it lacks."""
    return _longest((one.told.days for one in look.seen), _day)


def social_days(look: Look) -> Told:
    """Clicks of each social by day, as the longest series tells them."""
    told = (answer.clicks.social_days for answer in look.answers if answer.clicks)
    return _longest(told, lambda row: (*_day(row), row.values["social_name"]))


def subscriber_days(look: Look) -> Told:
    """Subscribers by kind and day, as the longest series tells them."""
    told = (answer.subscribers or () for answer in look.answers)
    return _longest(told, lambda row: (*_day(row), row.values["subscriber_kind"]))


def lifetime(look: Look) -> Told:
    """The totals since the page was made, as they were told last; one row, if any."""
    told = ((answer.lifetime,) for answer in look.answers if answer.lifetime)
    return _one_each(told, lambda _row: ())


def titles(look: Look) -> Told:
    """What each link was called last."""
    told = (answer.titles or () for answer in look.answers)
    return _one_each(told, lambda row: (row.values["link_id"],))


def overviews(look: Look) -> Told:
    """The totals of each window, as they were told last."""
    return _windowed((one.window, "", (one.told.totals,)) for one in look.seen)


def links(look: Look) -> Told:
    """The clicks of links in each window."""
    return _placed((p, p.answer.clicks.links) for p in placed_clicks(look) if p.answer.clicks)


def socials(look: Look) -> Told:
    """The clicks of socials in each window."""
    return _placed((p, p.answer.clicks.socials) for p in placed_clicks(look) if p.answer.clicks)


def breakdown(look: Look, name: str) -> Told:
    """One list of places, referrers or devices in each window."""
    told = [
        (placed, placed.answer.breakdowns[name])
        for placed in placed_breakdowns(look)
        if name in placed.answer.breakdowns
    ]
    if name == CITIES:
        told = [(placed, _numbered(rows)) for placed, rows in told]
    return _placed(told)


def _longest(series: Iterable[Sequence[Row]], key: Key) -> Told:
    """One row per key: of two series that tell a day, the longer one's, then the later one's.

    A shorter series repeats days of a longer one; where it says something else, that is told.
    """
    return _one_each(sorted(series, key=len), key)


def _one_each(tellings: Iterable[Sequence[Row]], key: Key) -> Told:
    """One row per key: the last one's."""
    counting: dict[tuple[str | None, ...], Row] = {}
    differing = []
    for rows in tellings:
        for row in rows:
            before = counting.get(key(row))
            if before is not None and before.values != row.values:
                differing.append(f"{_shown(row)} counts, not {_shown(before)}")
            counting[key(row)] = row
    ordered = sorted(counting, key=lambda one: [part or "" for part in one])
    return Told(rows=tuple(counting[one] for one in ordered), differing=tuple(differing))


def _placed(told: Iterable[tuple[Placed, Sequence[Row]]]) -> Told:
    return _windowed((p.window, p.found_by, rows) for p, rows in told if p.window is not None)


def _windowed(told: Iterable[tuple[Window, str, Sequence[Row]]]) -> Told:
    """The list of each window as it was told last, whole; each row with its window."""
    counting: dict[Window, tuple[str, Sequence[Row]]] = {}
    differing = []
    for window, found_by, rows in told:
        if window in counting and _content(counting[window][1]) != _content(rows):
            place = rows[0].place if rows else "an empty list"
            differing.append(f"`{place}` counts for {window}, not what was told before")
        counting[window] = (found_by, rows)
    found = tuple(
        _in_window(row, window, counting[window][0])
        for window in sorted(counting)
        for row in counting[window][1]
    )
    return Told(rows=found, differing=tuple(differing))


def _in_window(row: Row, window: Window, found_by: str) -> Row:
    span = {
        "window_start": str(window.first),
        "window_end": str(window.last),
        "window_from": found_by,
    }
    return replace(row, values={**row.values, **span})


def _numbered(rows: Sequence[Row]) -> tuple[Row, ...]:
    """Cities of one name and place are told apart by a number: many are called `Unknown`."""
    keys = ("country_code", "name", "latitude", "longitude")
    counted: Counter[tuple[str, ...]] = Counter()
    found = []
    for row in sorted(rows, key=lambda row: (-row.count("views"), -row.count("clicks"))):
        place = tuple((row.values[key] or "").strip().upper() for key in keys)
        counted[place] += 1
        found.append(replace(row, values={**row.values, "place_number": str(counted[place])}))
    return tuple(found)


def _content(rows: Sequence[Row]) -> list[str]:
    return sorted(repr(sorted(row.values.items())) for row in rows)


def _day(row: Row) -> tuple[str | None, ...]:
    return (row.values["date"],)


def _shown(row: Row) -> str:
    told = ", ".join(f"{name} {value}" for name, value in row.values.items() if value is not None)
    return f"`{row.place}` ({told})"
