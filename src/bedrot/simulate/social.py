"""TikTok accounts of the label: what their videos are seen by day, and who follows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from bedrot.simulate.catalogue import Draw, below, drawn_from
from bedrot.simulate.days import days_between

_WEEKDAYS = (940, 930, 950, 980, 1_060, 1_110, 1_030)
_OWN_SEQUENCE = 53
_FADING = 690
_TAKEN_BACK = 61


@dataclass(frozen=True, kw_only=True, slots=True)
class SocialAccount:
    """An account: its usual views a day, and its followers before the first day."""

    name: str
    artist: str
    views: int
    followers: int


@dataclass(frozen=True, kw_only=True, slots=True)
class SocialDay:
    """One day of an account; `followers` is the level at its end.

    `comments` are below zero where more were taken back than made.
    """

    views: int
    profile_views: int
    likes: int
    comments: int
    shares: int
    followers: int


def social_days(
    seed: int, account: SocialAccount, releases: Sequence[date], first: date, last: date
) -> dict[date, SocialDay]:
    """Every day of an account; videos of a release lift the views, and fade within two weeks."""
    draw = drawn_from(seed, _OWN_SEQUENCE, sum(account.name.encode()))
    days: dict[date, SocialDay] = {}
    lifted = 0
    followers = account.followers
    for number, day in enumerate(days_between(first, last)):
        lifted = lifted * _FADING // 1_000
        if day in releases or below(draw, 19) == 0:
            lifted += account.views * (2_000 + below(draw, 5_000)) // 1_000
        usual = account.views * _WEEKDAYS[day.weekday()] * (900 + below(draw, 200)) // 1_000_000
        told = _day(draw, usual + lifted, followers, is_odd=number % _TAKEN_BACK == 17)
        followers = told.followers
        days[day] = told
    return days


def _day(draw: Draw, views: int, followers: int, *, is_odd: bool) -> SocialDay:
    profile_views = views * (8 + below(draw, 5)) // 1_000
    comments = views * (4 + below(draw, 9)) // 1_000
    return SocialDay(
        views=views,
        profile_views=profile_views,
        likes=views * (100 + below(draw, 60)) // 1_000,
        comments=-3 if is_odd else comments,
        shares=views * (5 + below(draw, 5)) // 1_000,
        followers=max(0, followers + profile_views * (20 + below(draw, 60)) // 1_000 - 3),
    )
