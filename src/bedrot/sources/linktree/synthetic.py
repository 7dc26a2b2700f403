"""Linktree's captured responses, written from plain values: fixtures are generated."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from bedrot.sources.linktree.synthetic_responses import (
    Breakdowns,
    City,
    Day,
    Lifetime,
    Link,
    Named,
    Page,
    Subscribers,
    Window,
    breakdowns_response,
    days_of,
    links_response,
    overview_response,
    subscribers_response,
    titles_response,
    written,
)

__all__ = [
    "Breakdowns",
    "City",
    "Day",
    "Lifetime",
    "Link",
    "Named",
    "Page",
    "Subscribers",
    "Window",
    "lifetime_of",
    "refused_responses",
    "response_name",
    "shared_out",
    "sign_in_page",
    "visit_responses",
]


def visit_responses(
    page: Page,
    seen: datetime,
    *,
    last_day: date | None = None,
    lengths: Sequence[int] = (7, 365),
    breakdowns: Mapping[Window, Breakdowns] | None = None,
    with_refused: bool = True,
) -> dict[str, bytes]:
    """The responses of one look at the analytics, under the names that the capturing gives them.

    Args:
        page: What is true.
        seen: When, by the clock of the computer that captured them; the files are named after it.
        last_day: The last day of every window; the day of the look by itself.
        lengths: How many days were chosen, one after the other.
        breakdowns: Places, referrers and devices of a window; shared out of its figures where it
            is not named.
        with_refused: Whether the responses are there that tell of the holder and not of the page.
    """
    end = last_day or seen.date()
    bodies = refused_responses() if with_refused else []
    for length in lengths:
        window = (end - timedelta(days=length - 1), end)
        told = (breakdowns or {}).get(window) or shared_out(page, window)
        bodies += [
            overview_response(page, window),
            links_response(page, window),
            subscribers_response(page, window),
            titles_response(page.links),
            breakdowns_response(told, page.lifetime or lifetime_of(page)),
        ]
    times = (seen + timedelta(seconds=n, microseconds=612_126 + n) for n in range(len(bodies)))
    return {response_name(at): body for at, body in zip(times, bodies, strict=True)}


def response_name(at: datetime) -> str:
    """The name that the capturing gives a response: the time by the clock on the wall."""
    return f"graphql_{at:%Y%m%d_%H%M%S}_{at.microsecond:06d}.json"


def refused_responses(email: str = "owner@example.com") -> list[bytes]:
    """The responses of a visit of which nothing may be stored: the holder, the wallet, the chat."""
    user = {"id": 4711, "email": email, "username": "example", "__typename": "User"}
    chat = {
        "conversationId": "0000000",
        "chat": [{"content": "Clicks went up.", "role": "assistant", "__typename": "Chat"}],
        "__typename": "AnalyticsChatCompletionResponse",
    }
    members: list[dict[str, Any]] = [
        {"currentUser": user},
        {"walletExperience": "PAID_DIGITAL_AND_AFFILIATE_PRODUCTS"},
        {"commerceAccountRewards": {"tier": {"name": "GREEN"}}},
        {"getTotalBalanceByCurrency": [{"amount": 0, "currency": "USD"}]},
        {"isWalletViewableV3": {"isDigitalWalletViewable": True}},
        {"currentUser": {**user, "paymentEmail": email}},
        {"getFollowers": {"enabled": False, "followerCount": 0}},
        {"analyticsChat": chat},
    ]
    return [written(member) for member in members]


def sign_in_page() -> bytes:
    """The page that stands in place of the analytics once the session is over."""
    return (
        b'<!DOCTYPE html>\n<html lang="en"><head><title>Log in | Linktree</title></head>\n'
        b'<body><form action="https://linktr.ee/login"><input name="username">'
        b'<input type="password" name="password"></form></body></html>\n'
    )


def shared_out(page: Page, window: Window) -> Breakdowns:
    """Breakdowns that have all views and clicks of a window, shared out the same way every time."""
    views = sum(page.days[day].views for day in days_of(window) if day in page.days)
    clicks = sum(page.days[day].clicks for day in days_of(window) if day in page.days)

    def parts(*weights: int) -> list[tuple[int, int]]:
        return list(zip(_parts(views, weights), _parts(clicks, weights), strict=True))

    cities = [("Berlin", "DE"), ("Unknown", "US"), (None, "US"), ("Windhoek", "NA")]
    countries = [("Germany", "DE"), ("United States", "US"), ("Namibia", "NA")]
    return Breakdowns(
        cities=[
            City(name=name, country_code=code, views=part[0], clicks=part[1])
            for (name, code), part in zip(cities, parts(4, 3, 1, 2), strict=True)
        ],
        countries=[
            Named(name=name, country_code=code, views=part[0], clicks=part[1])
            for (name, code), part in zip(countries, parts(4, 4, 2), strict=True)
        ],
        referrers=[
            Named(name=name, views=part[0], clicks=part[1])
            for name, part in zip(("Tiktok", "Instagram", "Direct"), parts(6, 3, 1), strict=True)
        ],
        devices=[
            Named(name=name, views=part[0], clicks=part[1])
            for name, part in zip(("mobile", "desktop"), parts(9, 1), strict=True)
        ],
    )


def lifetime_of(page: Page) -> Lifetime:
    """Totals of all that the page tells."""
    links = sum(sum(link.clicks.values()) for link in page.links)
    socials = sum(sum(clicks.values()) for clicks in page.socials.values())
    return Lifetime(
        views=sum(day.views for day in page.days.values()),
        clicks=links + socials,
        profile_clicks=links,
        social_clicks=socials,
    )


def _parts(total: int, weights: Sequence[int]) -> list[int]:
    """A number in parts by weight; what is left over goes to the first."""
    parts = [total * weight // sum(weights) for weight in weights]
    parts[0] += total - sum(parts)
    return parts
