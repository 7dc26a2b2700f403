"""One response of Linktree's analytics, read: its figures as rows of text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from bedrot.extract.json_text import written
from bedrot.sources.linktree.fields import (
    Item,
    day,
    figure,
    flag,
    identifier,
    item_of,
    items_of,
    ratio,
    text,
)
from bedrot.sources.linktree.response_errors import NOT_DAILY, rejected, unreadable
from bedrot.sources.linktree.responses import ANALYTICS, MEMBERS, data_of, is_title

if TYPE_CHECKING:
    from bedrot.extract.visits import Response

CITIES = "cities"
COUNTRIES = "countries"
REFERRERS = "referrers"
DEVICES = "devices"

SUBSCRIBER_KINDS = {"subscribers": "all", "emailSubscribers": "email", "smsSubscribers": "sms"}
_UNREAD = frozenset({"__typename", "products"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One object of a response; every value is text as written, null where the response says so."""

    values: Mapping[str, str | None]
    place: str
    item: Item

    @property
    def record(self) -> str:
        """The object as JSON on one line."""
        return written(self.item)

    def count(self, name: str) -> int:
        """A figure as a number; null makes a sum the least that it can be."""
        return int(self.values[name] or 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """The totals of a window, and its days."""

    totals: Row
    days: tuple[Row, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Clicks:
    """Clicks of links and of socials over a window, and of the socials by day."""

    links: tuple[Row, ...]
    socials: tuple[Row, ...]
    social_days: tuple[Row, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What one response says; None where it says nothing of a part.

    `breakdowns` has the lists of places, referrers and devices that it gives, by name. `unknown`
    are names that nobody reads.
    """

    name: str
    at: datetime | None
    overview: Overview | None = None
    clicks: Clicks | None = None
    subscribers: tuple[Row, ...] | None = None
    lifetime: Row | None = None
    breakdowns: Mapping[str, tuple[Row, ...]] = field(default_factory=dict)
    titles: tuple[Row, ...] | None = None
    unknown: tuple[str, ...] = ()
    is_without_data: bool = False


def read_answer(response: Response) -> Answer:
    """Read a response and every value of it that a table takes.

    Raises:
        RejectedPayloadError: It was cut off, or a value is not what it has to be.
    """
    data = data_of(response.body)
    told = item_of(data.get(ANALYTICS), ANALYTICS)
    reader = _Reader(name=response.name)
    titles = [(name, data[name]) for name in data if is_title(name)]
    return Answer(
        name=response.name,
        at=response.at,
        overview=reader.overview(told) if told.get("overview") is not None else None,
        clicks=reader.clicks(told) if {"links", "socials"} & set(told) else None,
        subscribers=reader.subscribers(told) if told.get("subscribers") is not None else None,
        lifetime=reader.lifetime(told) if told.get("lifetime") is not None else None,
        breakdowns=reader.breakdowns(told),
        titles=tuple(reader.titles(titles)) if titles else None,
        unknown=tuple(_unknown(data, told)),
        is_without_data=ANALYTICS in data and not set(told) & set(MEMBERS),
    )


def _unknown(data: Item, told: Item) -> Iterator[str]:
    yield from (name for name in data if name != ANALYTICS and not is_title(name))
    yield from (f"{ANALYTICS}.{name}" for name in told if name not in {*MEMBERS, *_UNREAD})
    if told.get("products"):
        yield f"{ANALYTICS}.products"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reader:
    """Reads the parts of a response, each place named after it."""

    name: str

    def overview(self, told: Item) -> Overview:
        item = item_of(told["overview"], "overview")
        totals = {
            "views": figure(item, "totalViews", "overview"),
            "clicks": figure(item, "totalClicks", "overview"),
            "click_through_rate": ratio(item, "clickThroughRate", "overview"),
            "time_to_click": ratio(item, "timeToClick", "overview"),
            "click_through_benchmark_pct": ratio(item, "clickThroughBenchmark", "overview"),
        }
        header = {name: value for name, value in item.items() if name != "timeseries"}
        days = tuple(
            self._row(one, place, _day_figures(one, place))
            for place, one in items_of(item.get("timeseries"), "overview.timeseries")
        )
        return Overview(totals=self._row(header, "overview", totals), days=days)

    def clicks(self, told: Item) -> Clicks:
        socials = item_of(told.get("socials"), "socials")
        return Clicks(
            links=tuple(
                self._row(
                    one,
                    place,
                    {
                        "link_id": identifier(one, "id", place),
                        "clicks": figure(one, "clicks", place),
                    },
                )
                for place, one in items_of(told.get("links"), "links")
            ),
            socials=tuple(
                self._row(one, place, _social(one, place))
                for place, one in items_of(socials.get("socials"), "socials.socials")
            ),
            social_days=tuple(
                self._row(one, place, _social(one, place) | {"date": day(one, "date", place)})
                for place, one in items_of(socials.get("timeseries"), "socials.timeseries")
            ),
        )

    def subscribers(self, told: Item) -> tuple[Row, ...]:
        item = item_of(told["subscribers"], "subscribers")
        interval = item.get("interval")
        if interval not in {None, "DAILY"}:
            msg = f"the subscribers are told by `{str(interval)[:20]}`, not by day"
            raise rejected(msg, NOT_DAILY, next_step=CHOOSE_DAYS)
        return tuple(
            self._row(
                one,
                place,
                {
                    "date": day(one, "date", place),
                    "subscriber_kind": kind,
                    "subscribers_total": figure(one, "subscribersTotal", place),
                    "subscriber_clicks": figure(one, "subscribersClicks", place),
                    "daily_total": figure(one, "dailyTotal", place),
                },
            )
            for name, kind in SUBSCRIBER_KINDS.items()
            for place, one in items_of(item.get(name), f"subscribers.{name}")
        )

    def lifetime(self, told: Item) -> Row:
        item = item_of(told["lifetime"], "lifetime")
        clicks = item_of(item.get("clicks"), "lifetime.clicks")
        values = {
            "views": figure(item, "views", "lifetime"),
            "clicks": figure(clicks, "total", "lifetime.clicks"),
            "profile_clicks": figure(clicks, "profile", "lifetime.clicks"),
            "social_clicks": figure(clicks, "socials", "lifetime.clicks"),
            "subscribers": figure(item, "subscribers", "lifetime"),
            "click_through_rate": ratio(item, "clickThroughRate", "lifetime"),
        }
        return self._row(item, "lifetime", values)

    def breakdowns(self, told: Item) -> Mapping[str, tuple[Row, ...]]:
        places = item_of(told.get("locations"), "locations")
        lists = {
            CITIES: (f"locations.{CITIES}", places.get(CITIES)),
            COUNTRIES: (f"locations.{COUNTRIES}", places.get(COUNTRIES)),
        }
        for name in (REFERRERS, DEVICES):
            lists[name] = (f"{name}.{name}", item_of(told.get(name), name).get(name))
        return {
            name: tuple(
                self._row(one, inner, _broken_down(name, one, inner))
                for inner, one in items_of(value, place)
            )
            for name, (place, value) in lists.items()
            if value is not None
        }

    def titles(self, told: list[tuple[str, Any]]) -> Iterator[Row]:
        for place, value in told:
            if value is None:  # a link that was deleted since
                continue
            item = item_of(value, place)
            yield self._row(
                item,
                place,
                {
                    "link_id": identifier(item, "id", place),
                    "title": text(item, "title", place),
                    "is_active": flag(item, "active", place),
                    "url": text(item, "url", place),
                },
            )

    def _row(self, item: Item, place: str, values: Mapping[str, str | None]) -> Row:
        return Row(values=values, place=f"{self.name} {place}", item=item)


CHOOSE_DAYS = "choose Daily beside the window, wait until it is drawn, and capture again"


def _day_figures(item: Item, place: str) -> dict[str, str | None]:
    return {
        "date": day(item, "date", place),
        "views": figure(item, "totalViews", place),
        "clicks": figure(item, "totalClicks", place),
        "daily_unique_views": figure(item, "uniqueViews", place),
        "daily_unique_clicks": figure(item, "uniqueClicks", place),
        "click_through_rate": ratio(item, "clickThroughRate", place),
    }


def _social(item: Item, place: str) -> dict[str, str | None]:
    """The views beside it are the page's own total, told again on every row: never a figure of it."""
    return {"social_name": _named(item, place), "clicks": figure(item, "clicks", place)}


def _named(item: Item, place: str) -> str:
    name = text(item, "name", place)
    if not (name or "").strip():
        raise unreadable(place, "it has no `name`")
    return str(name)


def _broken_down(name: str, item: Item, place: str) -> dict[str, str | None]:
    values = {
        "views": figure(item, "views", place),
        "clicks": figure(item, "clicks", place),
        "click_through_rate": ratio(item, "clickThroughRate", place),
    }
    if name in {REFERRERS, DEVICES}:
        return {"name": text(item, "name", place), **values}
    values = {
        "name": text(item, "name", place),
        "country_code": text(item, "countryCode", place),
        **values,
    }
    if name == COUNTRIES:
        return values
    at = item.get("coordinates")
    if at is not None and not (
        isinstance(at, list) and len(at) == 2 and all(isinstance(one, str) for one in at)
    ):
        raise unreadable(place, f"`{str(at)[:40]}` is no place", member="coordinates")
    latitude, longitude = at or (None, None)
    return {**values, "latitude": latitude, "longitude": longitude}
