"""Campaigns with flights on and off: what they spend, show and bring by day, as ads are bought."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from bedrot.simulate.catalogue import Draw, drawn_from
from bedrot.simulate.days import days_between, shared_out

ADSET_SHARES = (600, 400)
"""Per mille of a campaign's money that each of its ad sets spends."""

_CENT = Decimal("0.01")


@dataclass(frozen=True, kw_only=True, slots=True)
class Flight:
    """Days on which a campaign runs, both ends included; the budget is in cents a day."""

    first: date
    last: date
    daily_budget: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Campaign:
    """One campaign: it sends people to the link page, for one recording of one artist."""

    id: str
    name: str
    artist: str
    isrc: str
    flights: tuple[Flight, ...]
    countries: tuple[str, ...] = ("US", "DE", "GB")

    @property
    def adset_ids(self) -> tuple[str, ...]:
        """Its ad sets, in the order of `ADSET_SHARES`."""
        return tuple(f"{self.id[:-2]}{place + 1}{self.id[-1]}" for place in range(2))

    @property
    def first(self) -> date:
        """The first day on which it runs."""
        return min(flight.first for flight in self.flights)

    @property
    def last(self) -> date:
        """The last day on which it runs."""
        return max(flight.last for flight in self.flights)

    def runs_on(self, day: date) -> bool:
        """Whether a flight is on."""
        return any(flight.first <= day <= flight.last for flight in self.flights)


@dataclass(frozen=True, kw_only=True, slots=True)
class Delivery:
    """What ads cost and brought on one day, or over days; `spend` is in whole cents.

    `clicks` are all clicks, `link_clicks` those among them that lead to the link page. `reach`
    counts people, who return: it is of one day and never added.
    """

    spend: Decimal
    impressions: int
    clicks: int
    link_clicks: int
    reach: int


@dataclass(frozen=True, kw_only=True, slots=True)
class AdMarket:
    """What ads cost: the true parameters.

    `cpm` is the price of a thousand impressions in cents, `click_rate` the clicks per 100,000
    impressions on a flight's first day, `link_rate` the share of them that leads to the link page.
    Each day of a flight `fatigue` of the click rate is lost. `noise` is the most by which a day
    differs. Shares are per mille.
    """

    cpm: int = 420
    click_rate: int = 2_600
    link_rate: int = 720
    fatigue: int = 12
    noise: int = 90


def delivered(seed: int, campaign: Campaign, market: AdMarket) -> dict[date, Delivery]:
    """What a campaign spends and brings on each day that it runs; other days have no row."""
    draw = drawn_from(seed, int(campaign.id[-6:]))
    return {
        day: _day(draw, flight, day, market)
        for flight in campaign.flights
        for day in days_between(flight.first, flight.last)
    }


def by_adset(campaign: Campaign, days: Mapping[date, Delivery]) -> dict[str, dict[date, Delivery]]:
    """The same days by ad set, which add up to the campaign's; reach overlaps, and does not."""
    parts: dict[str, dict[date, Delivery]] = {name: {} for name in campaign.adset_ids}
    for day, whole in days.items():
        shares = [
            shared_out(total, ADSET_SHARES)
            for total in (
                int(whole.spend / _CENT),
                whole.impressions,
                whole.clicks,
                whole.link_clicks,
            )
        ]
        for place, name in enumerate(campaign.adset_ids):
            cents, impressions, clicks, link_clicks = (share[place] for share in shares)
            parts[name][day] = Delivery(
                spend=cents * _CENT,
                impressions=impressions,
                clicks=clicks,
                link_clicks=link_clicks,
                reach=impressions * 9 // 10,
            )
    return parts


def added(days: Iterable[Delivery]) -> Delivery:
    """Days as one; of people who return nobody knows how many, so reach is nine in ten of shown."""
    told: Sequence[Delivery] = tuple(days)
    impressions = sum(day.impressions for day in told)
    return Delivery(
        spend=sum((day.spend for day in told), Decimal(0)),
        impressions=impressions,
        clicks=sum(day.clicks for day in told),
        link_clicks=sum(day.link_clicks for day in told),
        reach=impressions * 9 // 10,
    )


def part_of(day: Delivery, share: int) -> Delivery:
    """A part of a day, per mille: what Meta tells while the day lasts, or shortly after."""
    return Delivery(
        spend=int(day.spend / _CENT) * share // 1_000 * _CENT,
        impressions=day.impressions * share // 1_000,
        clicks=day.clicks * share // 1_000,
        link_clicks=day.link_clicks * share // 1_000,
        reach=day.reach * share // 1_000,
    )


def _day(draw: Draw, flight: Flight, day: date, market: AdMarket) -> Delivery:
    cents = flight.daily_budget * _noisy(draw, market.noise) // 1_000
    impressions = cents * 1_000 * 1_000 // (market.cpm * _noisy(draw, market.noise))
    tired = max(300, 1_000 - market.fatigue * (day - flight.first).days)
    rate = market.click_rate * tired // 1_000 * _noisy(draw, market.noise) // 1_000
    clicks = impressions * rate // 100_000
    return Delivery(
        spend=cents * _CENT,
        impressions=impressions,
        clicks=clicks,
        link_clicks=clicks * market.link_rate // 1_000,
        reach=impressions * 93 // 100,
    )


def _noisy(draw: Draw, noise: int) -> int:
    """Per mille around a thousand."""
    return 1_000 - noise + int(draw() * (2 * noise + 1))
