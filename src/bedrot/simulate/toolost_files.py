"""What TooLost tells of an account: the portal's answers for two stores, and sales reports."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from bedrot.simulate.days import chosen_days, shared_out
from bedrot.simulate.flows import FlowTruth, Told, put_together
from bedrot.simulate.inbox import Made
from bedrot.simulate.label import Label
from bedrot.simulate.sales import discovery_months, payable
from bedrot.simulate.streams import STORES, DailyStore, Played, daily_streams
from bedrot.sources.toolost.synthetic import (
    Month,
    SalesLine,
    Track,
    apple_response,
    spotify_response,
    write_sales,
)

LAGS: Mapping[DailyStore, int] = {"Spotify": 2, "Apple Music": 4}
"""How many days before the answer its newest day lies."""

_STAMP = "%Y%m%d_%H%M%S"
_LATER = timedelta(seconds=38)
_DISCOVERY_LAG = timedelta(days=45)
_COUNTRIES = (("US", 420), ("DE", 180), ("GB", 150), ("NA", 30), ("BR", 120), ("SE", 100))


@dataclass(frozen=True, kw_only=True, slots=True)
class ToolostTruth:
    """What must be published: streams by store, all of which are settled, and Discovery months."""

    stores: tuple[FlowTruth[int], ...]
    discovery: tuple[Month, ...]


def analytics_files(
    label: Label, plays: Played, visits: Sequence[datetime], folder: str = "second_distributor"
) -> tuple[list[Made], ToolostTruth]:
    """The portal's answers for «This Year», at each visit one for each store."""
    files: list[Made] = []
    told: list[Told[int]] = []
    months: dict[date, Month] = {}
    streams = {store: daily_streams(plays, store, until=max(visits).date()) for store in STORES}
    for at in visits:
        spotify, apple = (_this_year(streams[store], store, at) for store in STORES)
        known = [one for one in discovery_months(label) if one.start + _DISCOVERY_LAG <= at.date()]
        months |= {one.start: one for one in known if one.start.year == at.year}
        told += [
            Told(series="Spotify", as_of=at, days=spotify),
            Told(series="Apple Music", as_of=at + _LATER, days=apple),
        ]
        files += [
            _response("spotify", at, spotify_response(spotify, known), len(spotify), folder),
            _response("apple", at + _LATER, _apple(label, apple), len(apple), folder),
        ]
    stores = tuple(
        truth
        for store in STORES
        for truth in put_together([one for one in told if one.series == store], provisional_days=0)
    )
    return files, ToolostTruth(stores=stores, discovery=tuple(months.values()))


def sales_files(
    lines: Sequence[SalesLine], until: date, folder: str = "second_distributor"
) -> Iterator[Made]:
    """One report for each month in which something was booked, up to a day."""
    months: defaultdict[str, list[SalesLine]] = defaultdict(list)
    for line in lines:
        if line.reporting_date <= until:
            months[f"{line.reporting_date:%Y-%m}"].append(line)
    for month, booked in sorted(months.items()):
        yield Made(
            name=f"{folder}/sales_report_{month}.csv",
            content=write_sales(_with_payable(booked)),
            kind="sales_report",
            lines=len(booked),
        )


def _with_payable(lines: Sequence[SalesLine]) -> Iterator[SalesLine]:
    for line in lines:
        yield replace(line, more={"payable_usd": f"{payable(line):f}"})


def _response(store: str, at: datetime, content: bytes, days: int, folder: str) -> Made:
    return Made(
        name=f"{folder}/toolost_{store}_{at:{_STAMP}}.json",
        content=content,
        kind="response",
        as_of=at,
        lines=days,
    )


def _this_year(streams: Mapping[date, int], store: DailyStore, at: datetime) -> dict[date, int]:
    last = at.date() - timedelta(days=LAGS[store])
    return {day: streams[day] for day in chosen_days(streams, last.replace(month=1, day=1), last)}


def _apple(label: Label, days: Mapping[date, int]) -> bytes:
    """Apple Music's answer: its lists add up to its days."""
    total = sum(days.values())
    sold: Counter[str] = Counter()
    for line in label.lines:
        if line.store == "Apple Music" and line.earnings >= 0:
            sold[line.isrc] += line.quantity
    shares = [sold[one.isrc] for one in label.recordings]
    if not any(shares):
        shares = [1 for _ in label.recordings]
    tracks = [
        Track(isrc=one.isrc, title=one.title, release=one.title, streams=count)
        for one, count in zip(label.recordings, shared_out(total, shares), strict=True)
    ]
    countries = shared_out(total, [share for _, share in _COUNTRIES])
    return apple_response(
        days,
        tracks=tracks,
        countries=dict(zip((name for name, _ in _COUNTRIES), countries, strict=True)),
        shazams={day: streams // 25 for day, streams in days.items() if day.day % 9 == 1},
    )
