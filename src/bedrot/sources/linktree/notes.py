"""What is to be said of a visit that counts all the same."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bedrot.extract.streams import Note
from bedrot.sources.linktree import tellings
from bedrot.sources.linktree.answers import CITIES, COUNTRIES, DEVICES, REFERRERS, Row
from bedrot.sources.linktree.looks import Look, Window
from bedrot.sources.linktree.response_errors import TOTALS_DISAGREE
from bedrot.sources.linktree.windows import placed_breakdowns, placed_clicks

_SHOWN = 5


def notes_of(look: Look) -> tuple[Note, ...]:
    """One note of each code, whatever it has to tell."""
    told = {
        TOTALS_DISAGREE: [f"a person accepted that {text}" for text in look.disagreements],
        "incomplete_visit": list(_missing(look)),
        "unknown_window": list(_left_out(look)),
        "surfaces_differ": list(_differing_surfaces(look)),
        "told_differently": list(_told_differently(look)),
        "null_value": list(_nulls(look)),
        "unknown_columns": list(_unknown(look)),
    }
    return tuple(
        Note(code=code, text=_listed(texts), status=_USUAL.get(code, "warning"))
        for code, texts in told.items()
        if texts
    )


_USUAL = {"surfaces_differ": "information"}
"""Linktree's surfaces never quite agree; each stays in its own table."""


def _listed(texts: Sequence[str]) -> str:
    more = f"; and {len(texts) - _SHOWN} more" if len(texts) > _SHOWN else ""
    return "; ".join(texts[:_SHOWN]) + more


def _missing(look: Look) -> Iterator[str]:
    """The responses that visits have and this one lacks, at all or for one of its windows."""
    has = {
        "overview": bool(look.seen),
        "links": any(answer.clicks for answer in look.answers),
        "places, referrers and devices": any(answer.breakdowns for answer in look.answers),
        "subscribers": any(answer.subscribers is not None for answer in look.answers),
        "lifetime": any(answer.lifetime for answer in look.answers),
        "link titles": any(answer.titles is not None for answer in look.answers),
    }
    lacking = [name for name, is_there in has.items() if not is_there]
    if lacking:
        yield f"the visit has no response with {' nor '.join(f'`{name}`' for name in lacking)}"
    windows: dict[str, set[Window | None]] = {
        "overview": set(look.overviews),
        "links": {placed.window for placed in placed_clicks(look)},
        "places, referrers and devices": {placed.window for placed in placed_breakdowns(look)},
    }
    known = {window for found in windows.values() for window in found if window is not None}
    for window in sorted(known):
        for name, found in windows.items():
            # One whose window is unknown is told by itself.
            if has[name] and window not in found and None not in found:
                yield f"the visit has no `{name}` of {window}"
    empty = [answer.name for answer in look.answers if answer.is_without_data]
    if empty:
        yield f"`{empty[0]}` has no data"


def _left_out(look: Look) -> Iterator[str]:
    for answer in look.answers:
        if answer.overview is not None and not answer.overview.days:
            values = answer.overview.totals.values
            told = ", ".join(f"{name} {values[name] or 'unknown'}" for name in ("views", "clicks"))
            yield (
                f"the overview of `{answer.name}` has totals ({told}) and no days: nobody can tell "
                "its window, so it is left out"
            )
    for placed in (*placed_clicks(look), *placed_breakdowns(look)):
        if placed.window is None:
            what = ", ".join(placed.answer.breakdowns) or "links and socials"
            yield (
                f"nobody can tell which window {what} of `{placed.answer.name}` are about, so they "
                f"are left out: {placed.found_by}"
            )


def _differing_surfaces(look: Look) -> Iterator[str]:
    """Totals of one window that disagree between the parts of the page; each keeps its own table."""
    rows = {
        "links and socials": (*tellings.links(look).rows, *tellings.socials(look).rows),
        **{name: tellings.breakdown(look, name).rows for name in _BREAKDOWNS},
    }
    for window, seen in look.overviews.items():
        views, clicks = seen.total("views"), seen.total("clicks")
        parts: list[str] = []
        for name, listed in rows.items():
            own = [row for row in listed if row.values["window_start"] == str(window.first)]
            own = [row for row in own if row.values["window_end"] == str(window.last)]
            parts += _differences(name, own, views, clicks)
        parts += _of_social_days(look, window)
        if parts:
            overview = f"the overview has {views} views and {clicks} clicks"
            yield f"totals of {window} differ: {overview}, {', '.join(parts)}"
    yield from _of_lifetime(look)


_BREAKDOWNS = (CITIES, COUNTRIES, REFERRERS, DEVICES)


def _differences(name: str, rows: Sequence[Row], views: int, clicks: int) -> Iterator[str]:
    if not rows:
        return
    told = []
    if "views" in rows[0].values and _sum(rows, "views") != views:
        told.append(f"{_sum(rows, 'views')} views")
    if _sum(rows, "clicks") != clicks:
        told.append(f"{_sum(rows, 'clicks')} clicks")
    if told:
        yield f"{name} {' and '.join(told)}"


def _of_social_days(look: Look, window: Window) -> Iterator[str]:
    """Socials whose total over a window is not the sum of their days in the same response."""
    for placed in placed_clicks(look):
        clicks = placed.answer.clicks
        if clicks is None or not clicks.social_days or placed.window != window:
            continue
        total, days = _sum(clicks.socials, "clicks"), _sum(clicks.social_days, "clicks")
        if total != days:
            yield f"socials {total} clicks, and {days} by day"


def _of_lifetime(look: Look) -> Iterator[str]:
    """Totals since the beginning that no window can exceed, and whose parts should add up."""
    for row in tellings.lifetime(look).rows:
        total, parts = row.count("clicks"), row.count("profile_clicks") + row.count("social_clicks")
        windows = [
            f"{figure} of {window} are {seen.total(figure)}"
            for window, seen in look.overviews.items()
            for figure in ("views", "clicks")
            if seen.total(figure) > row.count(figure)
        ]
        if windows or total != parts:
            told = f"{row.count('views')} views and {total} clicks"
            split = f"links {row.count('profile_clicks')}, socials {row.count('social_clicks')}"
            yield f"lifetime has {told} ({split}){''.join(f', {one}' for one in windows)}"


def _told_differently(look: Look) -> Iterator[str]:
    """What the visit says twice, and not the same: one of the two counts."""
    for told in (
        tellings.profile_days(look),
        tellings.overviews(look),
        tellings.links(look),
        tellings.socials(look),
        tellings.social_days(look),
        tellings.subscriber_days(look),
        tellings.lifetime(look),
        tellings.titles(look),
        *(tellings.breakdown(look, name) for name in _BREAKDOWNS),
    ):
        yield from told.differing


def _nulls(look: Look) -> Iterator[str]:
    """Null stays null, and is said: it is neither 0 nor a missing row."""
    rows = [
        *tellings.profile_days(look).rows,
        *tellings.links(look).rows,
        *tellings.social_days(look).rows,
    ]
    nulls = [
        f"{row.place}.{name}"
        for row in rows
        for name, value in row.values.items()
        if value is None and name in {"views", "clicks"}
    ]
    if nulls:
        yield f"{len(nulls)} figure(s) are null and stay unknown, such as `{nulls[0]}`"


def _unknown(look: Look) -> Iterator[str]:
    names = sorted({name for answer in look.answers for name in answer.unknown})
    if names:
        told = ", ".join(f"`{name}`" for name in names[:10])
        yield f"names that nobody knows were kept out: {told}"


def _sum(rows: Sequence[Row], name: str) -> int:
    return sum(row.count(name) for row in rows)
