"""DistroKid's statistics pages: which page a file is, and the figures of its charts."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from bedrot.core.dates import start_of_day
from bedrot.extract.parsed import Parsed
from bedrot.extract.streams import Note, Recognition
from bedrot.sources.distrokid import page_charts, page_scope, page_totals
from bedrot.sources.distrokid.page_charts import Chart, Point
from bedrot.sources.distrokid.page_errors import half_loaded, rejected
from bedrot.sources.distrokid.page_markup import Markup, read_markup, server_clock

if TYPE_CHECKING:
    from bedrot.extract.streams import Stream

__all__ = [
    "read_apple_breakdowns",
    "read_apple_days",
    "read_spotify_days",
    "recognise_apple",
    "recognise_spotify",
    "server_clock",
]

SPOTIFY = "spotify"
APPLE = "apple"
EMPTY = "empty"

# The order in which breakdowns stand in the table, by the page's name for each chart.
_SURFACES = {
    "tracks1year": "tracks",
    "albums1year": "albums",
    "country1year": "countries",
    "devices1year": "devices",
    "sources1year": "sources",
    "types1year": "types",
    "listening1year": "listening",
    "offline1year": "offline",
    "gender1year": "gender",
    "age1year": "age",
    "playlists1year": "playlists",
}

_DAYS = {SPOTIFY: "trend365day", APPLE: "last365days"}
_TITLES = {SPOTIFY: "Spotify", APPLE: "Apple Music"}
_STORES = {"streams": SPOTIFY, "applemusic": APPLE}
# The window of the top lists ends on the page's date, and both ends belong to it.
_YEAR = timedelta(days=364)
_PAGE_BYTES = 8 * 1024 * 1024
_HEAD_BYTES = 4096
_PAGE_STARTS = (b"<!doctype html", b"<html")
_PAGE_END = re.compile(rb"</html\s*>\s*\Z", re.IGNORECASE)
_STORES_LIST = re.compile(
    # No tag holds the beginning of another: what never ends is not searched again and again.
    rb'<select\b[^<>]*\bid=["\']?trendingDownloadsorStreams\b.*?(?:</select|\Z)',
    re.IGNORECASE | re.DOTALL,
)
_CHOSEN = re.compile(rb'<option\b(?=[^<>]*\bselected\b)[^<>]*\bvalue=["\']?(\w+)', re.IGNORECASE)
_ADDRESS = re.compile(rb"%2Fstats%2F?%3F[\w%.~+-]*?\bdata%3D(\w+)", re.IGNORECASE)
_SIGNS = (
    (SPOTIFY, re.compile(rb'AmCharts\.makeChart\(\s*"trend(?:365|60)day"')),
    (SPOTIFY, re.compile(rb"SPOTIFY ESTIMATES")),
    (APPLE, re.compile(rb"\bvar\s+(?:chartData\s*=|appleTrackName\s*=)")),
)
_STATS_PAGE = b"distrokid.app.link/Stats"


def recognise_spotify(path: Path, stream: Stream) -> Recognition | None:
    """A statistics page of Spotify, whole or cut."""
    return _recognise(path, stream, SPOTIFY)


def recognise_apple(path: Path, stream: Stream) -> Recognition | None:
    """A statistics page of Apple Music, whole or cut."""
    return _recognise(path, stream, APPLE)


def read_spotify_days(path: Path, waived: frozenset[str]) -> Parsed:
    """Spotify's daily streams.

    Raises:
        RejectedPayloadError: The page is not whole, is not of the whole account, or its own
            figures disagree.
    """
    return _daily(_read_page(path, SPOTIFY), waived)


def read_apple_days(path: Path, waived: frozenset[str]) -> Parsed:
    """Apple Music's daily streams.

    Raises:
        RejectedPayloadError: As for Spotify.
    """
    return _daily(_read_page(path, APPLE), waived)


def read_apple_breakdowns(path: Path, waived: frozenset[str]) -> Parsed:
    """What Apple Music's trailing year is made of: top lists and shares of several kinds.

    Raises:
        RejectedPayloadError: As for the days. A page that prints no date has no lists here: their year is unknown.
    """
    page = _read_page(path, APPLE)
    notes = _judge(page, waived)
    if page.printed_on is None:
        told = "the page prints no server time: the year of its top lists is unknown, they are left"
        return _parsed(page, {}, (), [*notes, Note(code="unknown_window", text=told)])
    missing = [name for name in _SURFACES if name not in page.charts]
    if missing:
        told = ", ".join(f"`{name}`" for name in missing)
        notes.append(Note(code="chart_missing", text=f"the page has no {told}"))
    notes += page_totals.list_findings(page.charts, _SURFACES)
    listed = [
        (surface, position, point, page.charts[name].total)
        for name, surface in _SURFACES.items()
        if name in page.charts
        for position, point in enumerate(page.charts[name].points, start=1)
    ]
    count = len(listed)
    points = [point for _, _, point, _ in listed]
    columns: dict[str, Sequence[str | None]] = {
        "scope": [page.scope] * count,
        "surface": [surface for surface, _, _, _ in listed],
        "window_start": [str(page.printed_on - _YEAR)] * count,
        "window_end": [str(page.printed_on)] * count,
        "item_key": [point.label if point.item_id is None else point.item_id for point in points],
        "item_id": [point.item_id for point in points],
        "item_name": [point.label for point in points],
        "position": [str(position) for _, position, _, _ in listed],
        "streams": [str(point.value) for point in points],
        "surface_total": [None if total is None else str(total) for _, _, _, total in listed],
    }
    return _parsed(page, columns, points, notes)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Page:
    """A whole page; `printed_on` is the UTC date that it prints."""

    store: str
    charts: Mapping[str, Chart]
    days: Mapping[date, int]
    markup: Markup
    scope: str
    printed_on: date | None
    printed_clock: time | None


def _recognise(path: Path, stream: Stream, store: str) -> Recognition | None:
    with path.open("rb") as file:
        head = file.read(_HEAD_BYTES)
        # Most files are no pages, and are known by their first bytes.
        if not head.removeprefix(b"\xef\xbb\xbf").lstrip().lower().startswith(_PAGE_STARTS):
            return None
        content = head + file.read(_PAGE_BYTES)
    if b"distrokid" not in content.lower() or _store_of(content) != store:
        return None
    return Recognition(stream=stream.name, sign=f"DistroKid's statistics page of {_TITLES[store]}")


def _store_of(content: bytes) -> str | None:
    """The store whose figures the page shows, by the surest sign that it has."""
    stores = _STORES_LIST.search(content)
    chosen = (_CHOSEN.search(stores[0]) if stores else None) or _ADDRESS.search(content)
    if chosen is not None:
        return _STORES.get(chosen[1].decode("ascii", errors="replace"))
    for store, sign in _SIGNS:
        if sign.search(content):
            return store
    # Cut off or saved before it said which store: it is ours all the same, and is set aside.
    return SPOTIFY if _STATS_PAGE in content else None


def _read_page(path: Path, store: str) -> _Page:
    return _page(path.read_bytes(), store)


@lru_cache(maxsize=1)  # the streams of a page read it one after the other
def _page(content: bytes, store: str) -> _Page:
    if not _PAGE_END.search(content):
        msg = "its end (`</html>`) is missing"
        raise half_loaded(msg)
    text = _decoded(content)
    charts = (
        page_charts.spotify_charts(text) if store == SPOTIFY else page_charts.apple_charts(text)
    )
    clock = server_clock(text)
    printed_on = clock[0] if clock else None
    markup = read_markup(text)
    return _Page(
        store=store,
        charts=charts,
        days=page_charts.days_of(charts[_DAYS[store]], printed_on),
        markup=markup,
        scope=page_scope.scope_of(text, markup, store),
        printed_on=printed_on,
        printed_clock=clock[1] if clock else None,
    )


def _decoded(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


def _judge(page: _Page, waived: frozenset[str]) -> list[Note]:
    """What is odd about a page that counts.

    Raises:
        RejectedPayloadError: It does not count, for a reason that nobody waived.
    """
    if page_scope.FILTERED_PAGE not in waived:
        page_scope.refuse_filtered(page.scope)
    find = page_totals.spotify_findings if page.store == SPOTIFY else page_totals.apple_findings
    wrong, notes = find(page.charts, page.days, page.markup, page.printed_on)
    if page_totals.TOTALS_DISAGREE not in waived:
        page_totals.refuse_disagreement(wrong)
    if not page.days and EMPTY not in waived:
        msg = f"the page shows no day of {_TITLES[page.store]} streams"
        raise rejected(msg, EMPTY)
    return notes


def _daily(page: _Page, waived: frozenset[str]) -> Parsed:
    notes = _judge(page, waived)
    points = page.charts[_DAYS[page.store]].points
    columns = {
        "scope": [page.scope] * len(points),
        "stream_date": [point.label for point in points],
        "streams": [str(point.value) for point in points],
    }
    return _parsed(page, columns, points, notes)


def _parsed(
    page: _Page,
    columns: Mapping[str, Sequence[str | None]],
    points: Sequence[Point],
    notes: Sequence[Note],
) -> Parsed:
    shown = "all albums and tracks" if page.scope == page_scope.ALL else page.scope
    printed = f", {page.printed_on} (UTC)" if page.printed_on else ""
    return Parsed(
        layout=f"{page.store}_page",
        columns=columns,
        places=[point.place for point in points],
        records=[point.record for point in points],
        head=f"DistroKid statistics, {_TITLES[page.store]}, {shown}{printed}",
        printed_at=start_of_day(page.printed_on) if page.printed_on else None,
        printed_clock=page.printed_clock,
        notes=tuple(notes),
    )
