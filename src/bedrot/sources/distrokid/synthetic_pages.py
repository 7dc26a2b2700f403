"""DistroKid's own statistics pages, written from plain values: fixtures are generated."""

from __future__ import annotations

import html
import json
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Literal
from urllib.parse import quote

Store = Literal["streams", "applemusic"]
Newline = Literal["\n", "\r\n", "\r"]

SURFACES: Mapping[str, str] = {
    "tracks1year": "tracks",
    "playlists1year": "playlists",
    "devices1year": "devices",
    "gender1year": "gender",
    "age1year": "age",
    "listening1year": "listening",
    "sources1year": "sources",
    "offline1year": "offline",
    "types1year": "types",
    "country1year": "countries",
    "albums1year": "albums",
}
"""The lists of an Apple Music page: the page's name for each, and ours."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Holder:
    """Whose account it is; everything is invented. The id 0 is nobody's."""

    id: int = 4400017
    uuid: str = "0a1b2c3d-4e5f-6071-8293a4b5c6d7e8f9"
    display_name: str = "Tin Almanac Owner"
    username: str = "tinalmanac"
    email: str = "owner@tin-almanac.example"


@dataclass(frozen=True, kw_only=True, slots=True)
class Track:
    """One line of the drop-down of tracks."""

    id: int
    isrc: str
    title: str
    artist: str = "The Tin Almanac"


@dataclass(frozen=True, kw_only=True, slots=True)
class Album:
    """One line of the drop-down of albums."""

    id: int
    upc: str
    title: str
    artist: str = "The Tin Almanac"


@dataclass(frozen=True, kw_only=True, slots=True)
class Item:
    """One item of an Apple Music list; lists of countries and playlists carry no ids."""

    name: str
    streams: int
    id: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Frame:
    """What both stores' pages share.

    `captured_at` is aware UTC; the page prints it as a 12-hour clock without AM or PM. `scope` is
    `all`, or a track or album of the drop-downs, such as `track:7001`.
    """

    captured_at: datetime
    holder: Holder = Holder()
    scope: str = "all"
    tracks: Sequence[Track] = (Track(id=7001, isrc="ZZBDR2500001", title="Said the Sea"),)
    albums: Sequence[Album] = (Album(id=8001, upc="400000000013", title="Harbour & Hail"),)
    newline: Newline = "\n"

    @property
    def cap(self) -> date:
        """The page's UTC date."""
        return self.captured_at.astimezone(UTC).date()


def spotify_page(days: Mapping[date, int], frame: Frame) -> bytes:
    """A page of Spotify's daily streams; `days` are those that it shows."""
    ordered = dict(sorted(days.items()))
    first = min(ordered, default=frame.cap)
    recent = {day: n for day, n in ordered.items() if day >= frame.cap - timedelta(days=60)}
    weeks = _grouped(ordered, lambda day: str(max(first, _monday(day))))
    months = _grouped(ordered, lambda day: str(day.replace(day=1)))
    charts = (
        ("trendWeekly", "WW", weeks),
        ("trendMonthly", "MM", months),
        ("trend60day", "DD", {str(day): n for day, n in recent.items()}),
        ("trend365day", "DD", {str(day): n for day, n in ordered.items()}),
    )
    totals = (
        (365, sum(ordered.values())),
        (60, sum(recent.values())),
        (7, _since(ordered, frame.cap - timedelta(days=6))),
    )
    rows = "".join(
        '<tr class="tableRow">\n<td class="tableCell" style="width:400px;">\n'
        f'Last {count} days\n</td>\n<td class="tableCell">\n{total:,}\n</td>\n</tr>\n'
        for count, total in totals
    )
    body = (
        '<table cellpadding="0" cellspacing="0" width="100%">\n<tbody><tr class="tableRow">\n'
        '<td class="tableHeader" colspan="2">\nSPOTIFY ESTIMATES\n</td>\n</tr>\n'
        f"{rows}</tbody></table>\n" + "".join(_spotify_chart(*chart) for chart in charts)
    )
    return _page(body, frame, "streams")


def apple_page(
    days: Mapping[date, int], frame: Frame, lists: Mapping[str, Sequence[Item]] | None = None
) -> bytes:
    """A page of Apple Music's daily streams and lists.

    Args:
        days: Those that the page shows.
        frame: What both stores' pages share.
        lists: The items of a list by our name for it; a list that is not given is empty.
    """
    ordered = dict(sorted(days.items()))
    charts = {
        "byMonth": _series(_grouped(ordered, lambda day: f"{day:%m-%y}")),
        "last365days": _series({str(day): n for day, n in ordered.items()}),
        "byWeek": _series(_grouped(ordered, _apple_week)),
    }
    charts |= {name: _list((lists or {}).get(ours, ())) for name, ours in SURFACES.items()}
    data = json.dumps(charts, ensure_ascii=False, separators=(",", ":")).replace("</", "<\\/")
    cap = frame.cap
    before = cap.replace(day=1) - timedelta(days=1)
    month_before = before.replace(day=min(cap.day, before.day))
    totals = (
        (365, sum(ordered.values())),
        (60, _since(ordered, cap - timedelta(days=59))),
        (30, _since(ordered, month_before + timedelta(days=1))),
        (7, _since(ordered, cap - timedelta(days=6))),
    )
    rows = "".join(
        '<tr class="tableRow">\n<td class="tableCell" style="width:400px;">\n'
        f"Last {count} days\n</td>\n"
        '<td class="tableCell"><div style="width:100px;text-align:right" '
        f'id="last{count}">{total:,}</div></td>\n</tr>\n'
        for count, total in totals
    )
    shown = next((t.title for t in frame.tracks if f"track:{t.id}" == frame.scope), "")
    name = shown.replace("\\", "\\\\").replace("'", "\\'")
    body = (
        f"<script>\nvar chartData = {data};\nvar aActions = [];\n"
        f"var appleTrackName = '{name}';\n</script>\n"
        '<table cellpadding="0" cellspacing="0" width="100%;" border="0">\n'
        f"<tbody>{rows}</tbody></table>\n"
    )
    return _page(body, frame, "applemusic")


def page_name(store: Store, moment_local: datetime) -> str:
    """The name under which the page is saved, with the local time of saving."""
    stem = "streams_stats" if store == "streams" else "applemusic_stats"
    return f"{stem}_{moment_local:%Y%m%d_%H%M%S}.html"


def _page(body: str, frame: Frame, store: Store) -> bytes:
    moment = frame.captured_at.astimezone(UTC)
    holder = frame.holder
    address = quote(f"https://distrokid.com/stats/?{_query(frame, store)}", safe="")
    text = _PAGE.format(
        clock=f"{moment:%Y-%m-%d} {moment.hour % 12 or 12:02}:{moment:%M:%S}",
        holder_id=holder.id,
        holder_uuid=holder.uuid,
        display_name=json.dumps(holder.display_name, ensure_ascii=False),
        username=json.dumps(holder.username, ensure_ascii=False),
        email=holder.email,
        address=address,
        menus=_stores(store) + _menus(frame),
        body=body,
    )
    return text.replace("\n", frame.newline).encode()


def _query(frame: Frame, store: Store) -> str:
    kind, _, found = frame.scope.partition(":")
    chosen = f"&id={found}" if found else ""
    return f"type={kind}{chosen}&data={store}"


def _stores(store: Store) -> str:
    titles = {
        "downloads": "iTunes + Amazon (Sales)",
        "streams": "Spotify",
        "applemusic": "Apple Music",
    }
    options = "".join(
        f'<option{_marked(name == store)} value="{name}">{title}</option>\n'
        for name, title in titles.items()
    )
    return f'<select id="trendingDownloadsorStreams" class="coolSelect">\n{options}</select>\n'


def _menus(frame: Frame) -> str:
    kind, _, found = frame.scope.partition(":")
    master = {"": "All albums &amp; tracks", "albums": "Select an album...", "tracks": "Select..."}
    options = "".join(
        f'<option{_marked(bool(value) and value == f"{kind}s")} value="{value}">{title}</option>\n'
        for value, title in master.items()
    )
    tracks = "".join(
        f'<option{_marked(kind == "track" and found == str(track.id))} value="{track.isrc}" '
        f'id="{track.id}" class="statsAbortedfalse">\n<span translate="no">\n'
        f"{html.escape(track.artist)} - \n{html.escape(track.title)}\n</span>\n- Single\n</option>\n"
        for track in frame.tracks
    )
    albums = "".join(
        f'<option{_marked(kind == "album" and found == str(album.id))} songs="1" '
        f'value="{album.upc}" id="{album.id}" class="statsAlbum statsAbortedfalse">\n'
        f'<span translate="no">\n{html.escape(album.artist)} - \n{html.escape(album.title)}\n'
        "</span>\n</option>\n"
        for album in frame.albums
    )
    return (
        f'<select id="trendingMasterSelect" class="coolSelect">\n{options}</select>\n'
        '<select class="coolSelect statsSelect trendingFilterTracks">\n'
        f'<option value="">Select track...</option>\n{tracks}</select>\n'
        '<select class="coolSelect statsSelect trendingFilterAlbums">\n'
        f'<option value="">Select album...</option>\n{albums}</select>\n'
    )


def _marked(is_selected: bool) -> str:
    return ' selected=""' if is_selected else ""


def _spotify_chart(name: str, period: str, points: Mapping[str, int]) -> str:
    data = ",".join(f'{{"category": "{day}","column-1": {n}}}' for day, n in points.items())
    return (
        f'<div id="{name}" class="chartStyle"></div>\n<script type="text/javascript">\n'
        f'var {name} = AmCharts.makeChart("{name}",\n{{\n"type": "serial",\n'
        '"categoryField": "category",\n"dataDateFormat": "YYYY-MM-DD",\n'
        f'"categoryAxis": {{\n"parseDates": true,\n"minPeriod": "{period}"\n}},\n'
        f'"dataProvider": [\n{data}\n]\n}}\n);\n</script>\n'
    )


def _series(points: Mapping[str, int]) -> dict[str, object]:
    return {
        "isEmpty": int(not points),
        "categoryField": "field",
        "dataProvider": [{"field": label, "value": n} for label, n in points.items()],
        "total": sum(points.values()),
        "type": "serial",
    }


def _list(items: Sequence[Item]) -> dict[str, object]:
    return {
        "isEmpty": int(not items),
        "valueField": "value",
        "titleField": "field",
        "dataProvider": [
            {"field": item.name}
            | ({} if item.id is None else {"id": item.id})
            | {"value": item.streams}
            for item in items
        ],
        "total": sum(item.streams for item in items),
        "type": "pie",
    }


def _grouped(days: Mapping[date, int], label: Callable[[date], str]) -> dict[str, int]:
    sums: Counter[str] = Counter()
    for day, count in days.items():
        sums[label(day)] += count
    return dict(sums)


def _since(days: Mapping[date, int], start: date) -> int:
    return sum(count for day, count in days.items() if day >= start)


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _apple_week(day: date) -> str:
    """The ISO week, but the week of New Year's Day stays in its Monday's year as the 53rd."""
    monday = _monday(day)
    year, week, _ = monday.isocalendar()
    return f"{week if year == monday.year else 53:02}/{monday:%y}"


_PAGE = """\
<!DOCTYPE html><html lang="en"><head>
<script src="https://js.sentry-cdn.com/00aa11bb22cc33dd44ee55ff66007788.min.js"></script>
<meta charset="utf-8">
<script>
serverTime = new Date('{clock} GMT');
</script>
<meta name="apple-itunes-app" content="app-id=1, app-argument=https://distrokid.app.link/Stats">
<script>
turnstileSiteKey = "0AaBbCcDd1EeFfGgHh2IiJjKk";
</script>
<script>
var me = {{
plan : 'label',
artistNamesAllowed : 2,
id : {holder_id},
priority : 0,
useruuid : '{holder_uuid}',
displayName: {display_name},
username : {username},
publicBio: "",
avatar : 'https://distrokid.com/images/avatar2.jpg',
hasPhone : true,
okayToText: '1',
email : '{email}',
}};
</script>
<script async="" src="https://ads.invalid/view/1/?random=65d2f9c0eb233&amp;url={address}&amp;frm=0&amp;auid=1111111111.2222222222"></script>
</head>
<body class="">
<a id="nav-menu-receipts-link" href="/receipts/?userid={holder_id}">Receipts</a>
<a href="/stats/?data=streams">Stats</a>
{menus}<script src="/js/stats/stats.js?cacheHash=45eacc1c4c582c92"></script>
<input class="s4aSessionId" type="hidden" value="distrokid_0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9_0">
{body}<script>
Sentry.init({{
initialScope: {{
tags: {{
"dev_user" : "unknown",
"user_id" : "{holder_id}"
}}
}}
}});
</script>
<iframe src="https://pixel.invalid/cei?adv=1&amp;ref={address}&amp;upv=0.9.1" title="Pixel"></iframe></body></html>"""
