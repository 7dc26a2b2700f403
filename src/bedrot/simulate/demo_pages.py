"""The statistics pages of somebody who has saved them for a year, with all that goes wrong."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

from bedrot.simulate.flows import Told
from bedrot.simulate.inbox import Kind, Made
from bedrot.simulate.label import Label
from bedrot.simulate.streams import DailyStore, DailyTruth, Played, daily_streams, daily_truth
from bedrot.sources.distrokid.synthetic import sign_in_page
from bedrot.sources.distrokid.synthetic_pages import (
    Album,
    Frame,
    Item,
    Newline,
    Store,
    Track,
    apple_page,
    page_name,
    spotify_page,
)

AGAIN = "unsorted"
"""The folder below the inbox in which one page lies a second time."""

RESTATED_DAYS = tuple(date(2026, 7, day) for day in range(20, 25))
"""The days that Spotify raises once they are long settled; all lie in the stall."""

RESTATED_AT = date(2026, 8, 5)
"""The first page date that shows them raised."""

_YEAR = timedelta(days=364)
_FIRST_TRACK, _FIRST_ALBUM = 7001, 8001
_LONGEST_LIST = 20
_LEAST_SHOWN = 10
_PAGE_STORES: Mapping[DailyStore, Store] = {"Spotify": "streams", "Apple Music": "applemusic"}


@dataclass(frozen=True, kw_only=True, slots=True)
class _Saved:
    """One page: when it is saved, and how many days before that its newest day lies."""

    at: datetime
    lag: int
    newline: Newline = "\n"

    @property
    def newest(self) -> date:
        return self.at.date() - timedelta(days=self.lag)


# The first page of both stores is of one moment. The stall: pages of a week that end on 25 July.
_SPOTIFY = (
    _Saved(at=datetime(2025, 11, 28, 21, 12, 40, tzinfo=UTC), lag=2),
    _Saved(at=datetime(2026, 6, 2, 7, 15, 30, tzinfo=UTC), lag=2, newline="\r\n"),
    _Saved(at=datetime(2026, 7, 27, 7, 2, 18, tzinfo=UTC), lag=2),
    _Saved(at=datetime(2026, 7, 29, 7, 4, 52, tzinfo=UTC), lag=4),
    _Saved(at=datetime(2026, 7, 31, 7, 1, 9, tzinfo=UTC), lag=6),
    *(_Saved(at=datetime(2026, 8, day, 7, 3, 5 * day, tzinfo=UTC), lag=2) for day in range(3, 7)),
)
_APPLE = (
    _Saved(at=datetime(2025, 11, 28, 21, 12, 40, tzinfo=UTC), lag=2),
    _Saved(at=datetime(2026, 6, 2, 7, 16, 1, tzinfo=UTC), lag=1),
    _Saved(at=datetime(2026, 7, 29, 7, 5, 44, tzinfo=UTC), lag=2),
    *(
        _Saved(at=datetime(2026, 8, day, 7, 4, 6 * day, tzinfo=UTC), lag=2 if day == 4 else 1)
        for day in range(3, 7)
    ),
)
_PAGES: Mapping[DailyStore, Sequence[_Saved]] = {"Spotify": _SPOTIFY, "Apple Music": _APPLE}
_TWICE = _APPLE[-2]
_ONE_TRACK = _Saved(at=datetime(2026, 8, 4, 7, 9, 33, tzinfo=UTC), lag=2)
_SIGNED_OUT_AT = datetime(2026, 8, 1, 7, 0, 51, tzinfo=UTC)

# What kinds of plays Apple Music tells apart, per mille of them; the rest is below its threshold.
_SHARES: Mapping[str, Mapping[str, int]] = {
    "devices": {"Mobile": 860, "Desktop": 90, "Other": 40},
    "sources": {"Library": 480, "Search": 210, "Discovery": 160, "Now Playing": 80, "Other": 50},
    "types": {"Playlist": 410, "Single Track": 300, "Album": 200, "Radio station": 70},
    "listening": {"Complete": 560, "Skip": 250, "Manually Changed": 120, "Paused": 40, "Other": 20},
    "offline": {"Online": 780, "Offline": 210},
    "gender": {"Female": 450, "Male": 430},
    "age": {"18-24": 290, "25-34": 340, "35-44": 190},
    "playlists": {"Kitchen Radio": 60, "Rain on the Roof": 40},
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Page:
    """A page of the whole account at one store: what it tells, when, and its line ends."""

    store: DailyStore
    saved_at: datetime
    days: Mapping[date, int]
    newline: Newline = "\n"


def page_files(label: Label, plays: Played) -> tuple[list[Made], DailyTruth]:
    """The pages of one account, those that must not count among them.

    Returns:
        The files by store and in the order of their stamps, and what they must publish.
    """
    pages = pages_of(plays)
    files = [_made(page, label) for page in pages]
    again = next(made for made in files if made.as_of == _TWICE.at and made.kind == "apple_page")
    told = [Told(series=page.store, as_of=page.saved_at, days=page.days) for page in pages]
    made = [*files, *_what_must_not_land(label, plays), _known(again)]
    return made, daily_truth(plays, told)


def pages_of(plays: Played) -> tuple[Page, ...]:
    """The pages that count: each shows the 365 days up to its newest, or all that there are."""
    return tuple(
        page for store, saved in _PAGES.items() for page in _store_pages(plays, store, saved)
    )


def _made(page: Page, label: Label) -> Made:
    kind: Kind = "spotify_page" if page.store == "Spotify" else "apple_page"
    return Made(
        name=page_name(_PAGE_STORES[page.store], page.saved_at),
        content=_content(page, label),
        kind=kind,
        as_of=page.saved_at,
        lines=len(page.days),
    )


def _known(made: Made) -> Made:
    """The same page once more, in a folder: it is known already."""
    return replace(made, name=f"{AGAIN}/{made.name}", outcome="known", as_of=None, lines=0)


def _store_pages(plays: Played, store: DailyStore, saved: Sequence[_Saved]) -> Iterator[Page]:
    settled = daily_streams(plays, store, until=max(one.newest for one in saved))
    for one in saved:
        shown = {
            day: streams
            for day, streams in settled.items()
            if one.newest - _YEAR <= day <= one.newest
        }
        seen = _before_restatement(shown, one) if store == "Spotify" else _partial(shown, one)
        yield Page(store=store, saved_at=one.at, days=shown | seen, newline=one.newline)


def _before_restatement(shown: Mapping[date, int], saved: _Saved) -> dict[date, int]:
    """The days that were raised later, some per cent lower."""
    if saved.at.date() >= RESTATED_AT:
        return {}
    return {
        day: max(0, shown[day] - 1 - shown[day] * (30 + 8 * place) // 1_000)
        for place, day in enumerate(RESTATED_DAYS)
        if day in shown
    }


def _partial(shown: Mapping[date, int], saved: _Saved) -> dict[date, int]:
    """The last two days, of which the store has counted the more, the longer they are over."""
    last, before = saved.newest, saved.newest - timedelta(days=1)
    return {
        last: shown[last] * (480 + 90 * saved.lag) // 1_000,
        before: shown[before] * (890 + 25 * saved.lag) // 1_000,
    }


def _content(page: Page, label: Label) -> bytes:
    frame = _frame(label, page.saved_at, newline=page.newline)
    if page.store == "Spotify":
        return spotify_page(page.days, frame)
    return apple_page(page.days, frame, _lists(label, page.days))


def _frame(
    label: Label, saved_at: datetime, *, scope: str = "all", newline: Newline = "\n"
) -> Frame:
    return Frame(
        captured_at=saved_at,
        scope=scope,
        newline=newline,
        tracks=_tracks(label),
        albums=_albums(label),
    )


def _tracks(label: Label) -> list[Track]:
    return [
        Track(id=_FIRST_TRACK + place, isrc=one.isrc, title=one.title, artist=one.artist)
        for place, one in enumerate(label.recordings)
    ]


def _albums(label: Label) -> list[Album]:
    """One for each release, named for its first recording."""
    releases = {recording.upc: recording for recording in reversed(label.recordings)}
    return [
        Album(id=_FIRST_ALBUM + place, upc=upc, title=one.title, artist=one.artist)
        for place, (upc, one) in enumerate(sorted(releases.items()))
    ]


def _lists(label: Label, days: Mapping[date, int]) -> dict[str, list[Item]]:
    """What an Apple Music page says of its year: shares as its sale lines have them."""
    total = sum(days.values())
    tracks = {track.isrc: (track.title, track.id) for track in _tracks(label)}
    albums = {album.upc: (album.title, album.id) for album in _albums(label)}
    isrcs, upcs, countries = (Counter[str]() for _ in range(3))
    months = {f"{day:%Y-%m}" for day in days}
    for line in label.lines:
        if line.store == "Apple Music" and line.sale_month in months:
            isrcs[line.isrc] += line.quantity
            upcs[line.upc] += line.quantity
            countries[line.country] += line.quantity
    lists = {
        name: _items({kind: (kind, None) for kind in shares}, shares, total, whole=1_000)
        for name, shares in _SHARES.items()
    }
    lists["tracks"] = _items(tracks, isrcs, total, whole=isrcs.total())
    lists["albums"] = _items(albums, upcs, total, whole=upcs.total())
    lists["countries"] = _items({name: (name, None) for name in countries}, countries, total)
    return lists


def _items(
    names: Mapping[str, tuple[str, int | None]],
    shares: Mapping[str, int],
    total: int,
    *,
    whole: int | None = None,
) -> list[Item]:
    """The longest shares of a total, those below the store's threshold left out."""
    whole = whole or sum(shares.values())
    items = [
        Item(name=names[key][0], streams=total * share // whole, id=names[key][1])
        for key, share in sorted(shares.items(), key=lambda share: (-share[1], share[0]))
    ]
    return [item for item in items if item.streams >= _LEAST_SHOWN][:_LONGEST_LIST]


def _what_must_not_land(label: Label, plays: Played) -> Iterator[Made]:
    yield Made(
        name=page_name("streams", _ONE_TRACK.at),
        content=_page_of_one_track(label, plays),
        kind="page_of_one_track",
        outcome="set_aside",
    )
    yield Made(
        name=page_name("applemusic", _SIGNED_OUT_AT),
        # Other line ends: another payload than the one that lies among the exports.
        content=sign_in_page().replace(b"\n", b"\r\n"),
        kind="sign_in_page",
        outcome="set_aside",
    )


def _page_of_one_track(label: Label, plays: Played) -> bytes:
    """Spotify's page with the label's first recording chosen: a part of each day."""
    (page,) = _store_pages(plays, "Spotify", [_ONE_TRACK])
    sold = [line for line in label.lines if line.store == "Spotify" and line.earnings >= 0]
    own = sum(line.quantity for line in sold if line.isrc == label.recordings[0].isrc)
    whole = sum(line.quantity for line in sold)
    days = {day: streams * own // whole for day, streams in page.days.items()}
    return spotify_page(days, _frame(label, page.saved_at, scope=f"track:{_FIRST_TRACK}"))
