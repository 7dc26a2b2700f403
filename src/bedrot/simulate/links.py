"""The label's link page: who looks at it by day, and where they click on."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from bedrot.simulate.catalogue import Draw, below, drawn_from
from bedrot.simulate.days import days_between, shared_out
from bedrot.simulate.effect import Effect
from bedrot.simulate.social import SocialDay
from bedrot.simulate.streams import DailyStore

SOCIALS = (("instagram", 170), ("email_address", 40))
"""What stands below the links, with its clicks per mille of the visits that no ad brought."""

_OWN_SEQUENCE = 31


@dataclass(frozen=True, kw_only=True, slots=True)
class Link:
    """One link of the page, to a recording at a store; `share` is its part of organic clicks."""

    id: int
    title: str
    isrc: str
    store: DailyStore
    share: int


@dataclass(frozen=True, kw_only=True, slots=True)
class LinkDay:
    """One day of the page; `links` and `socials` are clicks, and `clicks` all of them.

    People who come twice are one of `daily_unique_views`: these are never added over days.
    """

    views: int
    daily_unique_views: int
    clicks: int
    daily_unique_clicks: int
    links: Mapping[int, int]
    socials: Mapping[str, int]


@dataclass(frozen=True, kw_only=True, slots=True)
class LinkPage:
    """A page with its links; `visits` are the usual ones a day that come from nowhere we know."""

    account: str
    links: tuple[Link, ...]
    visits: int = 14

    def link_to(self, isrc: str, store: DailyStore) -> Link:
        """The link to a recording at a store."""
        return next(link for link in self.links if (link.isrc, link.store) == (isrc, store))


def link_days(
    seed: int,
    page: LinkPage,
    effects: Sequence[Effect],
    social: Sequence[Mapping[date, SocialDay]],
    window: tuple[date, date],
) -> dict[date, LinkDay]:
    """Every day of the page: the usual visits, those of TikTok's profiles, and those of ads.

    Visits that ads brought click where the effect says, and nowhere else.
    """
    draw = drawn_from(seed, _OWN_SEQUENCE)
    days: dict[date, LinkDay] = {}
    for day in days_between(*window):
        usual = page.visits * (600 + below(draw, 801)) // 1_000
        # One in forty who look at a profile there follows the link in it.
        from_social = sum(days_[day].profile_views for days_ in social if day in days_) // 40
        days[day] = _day(draw, page, usual + from_social, _from_ads(page, effects, day))
    return days


@dataclass(frozen=True, kw_only=True, slots=True)
class _FromAds:
    visits: int
    clicks: Mapping[int, int]


def _from_ads(page: LinkPage, effects: Iterable[Effect], day: date) -> _FromAds:
    clicks: dict[int, int] = {}
    visits = 0
    for effect in effects:
        visits += effect.visits.get(day, 0)
        for store, told in effect.clicks.items():
            link = page.link_to(effect.campaign.isrc, store)
            clicks[link.id] = clicks.get(link.id, 0) + told.get(day, 0)
    return _FromAds(visits=visits, clicks=clicks)


def _day(draw: Draw, page: LinkPage, organic: int, ads: _FromAds) -> LinkDay:
    clicking = organic * (300 + below(draw, 200)) // 1_000
    shared = shared_out(clicking, [link.share for link in page.links])
    links = {
        link.id: count + ads.clicks.get(link.id, 0)
        for link, count in zip(page.links, shared, strict=True)
    }
    socials = {name: (organic * share + below(draw, 1_000)) // 1_000 for name, share in SOCIALS}
    clicks = sum(links.values()) + sum(socials.values())
    views = organic + ads.visits
    return LinkDay(
        views=views,
        daily_unique_views=views * (780 + below(draw, 120)) // 1_000,
        clicks=clicks,
        daily_unique_clicks=clicks * (700 + below(draw, 150)) // 1_000,
        links=links,
        socials=socials,
    )
