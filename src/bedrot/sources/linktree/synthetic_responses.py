"""Single responses of Linktree, written from what is true of a link page."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

Json = dict[str, Any]
Clicks = Mapping[date, int]


@dataclass(frozen=True, kw_only=True, slots=True)
class Day:
    """What the overview tells of one day. People who come twice are one of the daily uniques."""

    views: int
    clicks: int = 0
    daily_unique_views: int = 0
    daily_unique_clicks: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class Link:
    """One link of the page, and its clicks by day."""

    id: int
    title: str
    clicks: Clicks = field(default_factory=dict)
    is_active: bool = True
    url: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class City:
    """One city of a breakdown; Linktree calls many `Unknown`, and some null."""

    name: str | None
    country_code: str
    views: int
    clicks: int = 0
    coordinates: tuple[str, str] = ("52.52", "13.405")


@dataclass(frozen=True, kw_only=True, slots=True)
class Named:
    """One country, referrer or device of a breakdown; only countries have a code."""

    name: str
    views: int
    clicks: int = 0
    country_code: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Breakdowns:
    """What is told of a window beside its days."""

    cities: Sequence[City] = ()
    countries: Sequence[Named] = ()
    referrers: Sequence[Named] = ()
    devices: Sequence[Named] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Subscribers:
    """What a list of subscribers tells of a day: the level, and who came on the day."""

    total: int = 0
    clicks: int = 0
    daily_total: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class Lifetime:
    """Totals since the page was made; Linktree's own do not add up, and neither need these."""

    views: int
    clicks: int
    profile_clicks: int
    social_clicks: int
    subscribers: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class Page:
    """What is true of a link page: figures by day. A day that is not told has none.

    `subscribers` are by kind: `all`, `email` and `sms`.
    """

    days: Mapping[date, Day]
    links: Sequence[Link] = ()
    socials: Mapping[str, Clicks] = field(default_factory=dict)
    subscribers: Mapping[str, Mapping[date, Subscribers]] = field(default_factory=dict)
    lifetime: Lifetime | None = None


Window = tuple[date, date]
"""First and last day; both are in it."""


def overview_response(page: Page, window: Window, **header: object) -> bytes:
    """The overview: totals and days; `header` replaces what stands above the days."""
    days = {day: page.days.get(day, Day(views=0)) for day in days_of(window)}
    views = sum(day.views for day in days.values())
    clicks = sum(day.clicks for day in days.values())
    overview: Json = {
        "totalViews": views,
        "totalClicks": clicks,
        "clickThroughRate": _daily_rate(clicks, views),
        "timeToClick": 0,
        "clickThroughBenchmark": 80.6429,
        **header,
        "timeseries": [
            {
                "totalViews": told.views,
                "totalClicks": told.clicks,
                "uniqueViews": told.daily_unique_views,
                "uniqueClicks": told.daily_unique_clicks,
                "clickThroughRate": _daily_rate(told.clicks, told.views),
                "date": day.isoformat(),
                "__typename": "AccountActivity",
            }
            for day, told in days.items()
        ],
        "__typename": "AccountOverview",
    }
    return analytics(overview=overview)


def links_response(page: Page, window: Window, *, with_series: bool = True) -> bytes:
    """Clicks of links and socials over a window, and the days of the socials.

    The views that stand beside the socials are the page's views since its beginning, on every row.
    """
    views = sum(day.views for day in page.days.values())
    links = [(link.id, _within(link.clicks, window)) for link in page.links]
    ordered = sorted(((n, clicks) for n, clicks in links if clicks), key=lambda one: -one[1])
    series = [
        _social(name, views, clicks.get(day, 0), day.isoformat())
        for day in days_of(window)
        for name, clicks in page.socials.items()
    ]
    socials: Json = {
        "socials": [
            _social(name, views, _within(clicks, window), None)
            for name, clicks in page.socials.items()
        ],
        "timeseries": series if with_series else [],
        "__typename": "AccountSocials",
    }
    told = [
        {
            "id": number,
            "clicks": _clicks(clicks),
            "breakdown": None,
            "__typename": "AccountLink",
        }
        for number, clicks in ordered
    ]
    return analytics(links=told, socials=socials, products=[])


def subscribers_response(page: Page, window: Window, *, interval: str = "DAILY") -> bytes:
    """Subscribers by day: all, those by e-mail, and those by text message."""

    def listed(kind: str) -> list[Json]:
        told = page.subscribers.get(kind, {})
        return [_subscriber(day, told.get(day, Subscribers())) for day in days_of(window)]

    return analytics(
        subscribers={
            "subscribers": listed("all"),
            "emailSubscribers": listed("email"),
            "smsSubscribers": listed("sms"),
            "total": {
                "clicks": 0,
                "subscribers": 0,
                "notificationRecipients": 0,
                "ctr": 0,
                "__typename": "AccountSubscribersTotal",
            },
            "interval": interval,
            "__typename": "AccountSubscribers",
        }
    )


def breakdowns_response(told: Breakdowns, lifetime: Lifetime | None = None) -> bytes:
    """Places, referrers and devices of the window that was asked for, which it does not say."""
    cities = [
        {
            "name": city.name,
            "countryCode": city.country_code,
            "coordinates": list(city.coordinates),
            **_figures(city.views, city.clicks),
            "__typename": "AccountCity",
        }
        for city in told.cities
    ]
    countries = [
        {
            "name": country.name,
            "countryCode": country.country_code,
            **_figures(country.views, country.clicks),
            "__typename": "AccountCountry",
        }
        for country in told.countries
    ]
    members: Json = {} if lifetime is None else {"lifetime": _lifetime(lifetime)}
    return analytics(
        **members,
        locations={"cities": cities, "countries": countries, "__typename": "AccountLocations"},
        referrers=_listed("referrers", "Referrer", told.referrers),
        devices=_listed("devices", "Device", told.devices),
    )


def titles_response(links: Iterable[Link]) -> bytes:
    """What the links are called; each under an alias of its own."""
    return written(
        {
            f"link{link.id}": {
                "id": link.id,
                "title": link.title,
                "active": link.is_active,
                **({} if link.url is None else {"url": link.url}),
                "modifiers": {"thumbnailUrl": None, "__typename": "LinkModifiers"},
                "__typename": "Link",
            }
            for link in links
        }
    )


def analytics(**members: object) -> bytes:
    """A response with analytics of these parts."""
    return written({"getAccountAnalytics": {**members, "__typename": "AccountAnalytics"}})


def written(data: Mapping[str, object], **beside: object) -> bytes:
    """A GraphQL response with these data, as it comes over the wire; `beside` stands beside them."""
    document = {**beside, "data": data}
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()


def days_of(window: Window) -> list[date]:
    first, last = window
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def _within(clicks: Clicks, window: Window) -> int:
    return sum(count for day, count in clicks.items() if window[0] <= day <= window[1])


def _clicks(count: int) -> Json:
    return {"total": count, "__typename": "AccountClicks"}


def _figures(views: int, clicks: int) -> Json:
    return {
        "views": {"total": views, "__typename": "AccountViews"},
        "clicks": _clicks(clicks),
        "clickThroughRate": _rate(clicks, views),
    }


def _social(name: str, views: int, clicks: int, day: str | None) -> Json:
    return {
        "date": day,
        "name": name,
        "views": {"total": views, "__typename": "AccountViews"},
        "clicks": _clicks(clicks),
        "__typename": "AccountSocial",
    }


def _subscriber(day: date, told: Subscribers) -> Json:
    return {
        "date": day.isoformat(),
        "subscribersTotal": told.total,
        "subscribersClicks": told.clicks,
        "notifications": [],
        "dailyTotal": told.daily_total,
        "__typename": "AccountSubscriber",
    }


def _lifetime(told: Lifetime) -> Json:
    return {
        "views": {"total": told.views, "__typename": "AccountLifetimeViews"},
        "clicks": {
            "total": told.clicks,
            "profile": told.profile_clicks,
            "socials": told.social_clicks,
            "__typename": "AccountLifetimeClicks",
        },
        "subscribers": {"total": told.subscribers, "__typename": "AccountLifetimeSubscribers"},
        "clickThroughRate": _daily_rate(told.clicks, told.views),
        "payments": [],
        "__typename": "AccountLifetime",
    }


def _listed(name: str, typename: str, told: Iterable[Named]) -> Json:
    members = [
        {
            "name": one.name,
            **_figures(one.views, one.clicks),
            "__typename": f"Account{typename}",
        }
        for one in told
    ]
    return {name: members, "__typename": f"Account{typename}s"}


def _rate(clicks: int, views: int) -> float | int:
    """Clicks by views as Linktree prints them: all digits, and 0 where nobody looked."""
    found = clicks / views if views else 0
    return int(found) if found == int(found) else found


def _daily_rate(clicks: int, views: int) -> float | int:
    """The same in the overview, with four decimals."""
    found = round(_rate(clicks, views), 4)
    return int(found) if found == int(found) else found
