"""What ads truly cause: visits of the link page, clicks there, and streams in the days after."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from bedrot.simulate.ads import Campaign, Delivery
from bedrot.simulate.catalogue import Draw, drawn_from
from bedrot.simulate.days import shared_out
from bedrot.simulate.streams import STORES, DailyStore

_OWN_SEQUENCE = 97


@dataclass(frozen=True, kw_only=True, slots=True)
class Causes:
    """The true parameters of the way from an ad to streams; shares are per mille.

    Of the link clicks of an ad, `visits` arrive at the link page; of the visits, `clicks` go on to
    a store. A click at a store brings `streams` streams (thousandths of one), on the day and the
    days after it by the shares of `carry_over`. `noise` is the most by which a day's visits and
    clicks differ from their share. Videos on TikTok cause no streams here, whatever they look like.
    """

    visits: int = 830
    clicks: Mapping[DailyStore, int] = field(
        default_factory=lambda: {"Spotify": 620, "Apple Music": 70}
    )
    streams: int = 2_600
    carry_over: tuple[int, ...] = (560, 230, 130, 80)
    noise: int = 80


@dataclass(frozen=True, kw_only=True, slots=True)
class Effect:
    """What one campaign caused, by day; without the campaign none of it were there.

    `streams` reach some days beyond the campaign's last day.
    """

    campaign: Campaign
    visits: Mapping[date, int]
    clicks: Mapping[DailyStore, Mapping[date, int]]
    streams: Mapping[DailyStore, Mapping[date, int]]


def effect_of(
    seed: int, campaign: Campaign, days: Mapping[date, Delivery], causes: Causes
) -> Effect:
    """Follow a campaign's link clicks to the streams that they bring."""
    draw = drawn_from(seed, int(campaign.id[-6:]), _OWN_SEQUENCE)
    visits: dict[date, int] = {}
    clicks: dict[DailyStore, dict[date, int]] = {store: {} for store in STORES}
    for day, delivery in days.items():
        visits[day] = _share(draw, delivery.link_clicks, causes.visits, causes.noise)
        for store in STORES:
            found = _share(draw, visits[day], causes.clicks.get(store, 0), causes.noise)
            clicks[store][day] = found
    return Effect(
        campaign=campaign,
        visits=visits,
        clicks=clicks,
        streams={store: _streams(told, causes) for store, told in clicks.items()},
    )


def plays_by_month(effects: Iterable[Effect], store: DailyStore) -> dict[tuple[str, str], int]:
    """The streams that campaigns caused at a store, by ISRC and sale month."""
    plays: Counter[tuple[str, str]] = Counter()
    for effect in effects:
        for day, streams in effect.streams[store].items():
            plays[effect.campaign.isrc, f"{day:%Y-%m}"] += streams
    return dict(plays)


def plays_by_day(effects: Iterable[Effect]) -> dict[DailyStore, dict[date, int]]:
    """The streams that campaigns caused, by store and day."""
    caused: dict[DailyStore, Counter[date]] = {store: Counter() for store in STORES}
    for effect in effects:
        for store, days in effect.streams.items():
            caused[store].update(days)
    return {store: dict(sorted(days.items())) for store, days in caused.items()}


def _share(draw: Draw, count: int, share: int, noise: int) -> int:
    """A share of people; the part of a person that is left is the chance of one more."""
    differs = 1_000 - noise + int(draw() * (2 * noise + 1))
    return (count * share * differs + int(draw() * 1_000_000)) // 1_000_000


def _streams(clicks: Mapping[date, int], causes: Causes) -> dict[date, int]:
    """The streams of all clicks; each day's clicks bring a whole number, spread exactly."""
    caused: Counter[date] = Counter()
    for day, count in clicks.items():
        brought: Sequence[int] = shared_out(count * causes.streams // 1_000, causes.carry_over)
        for later, streams in enumerate(brought):
            caused[day + timedelta(days=later)] += streams
    return dict(sorted(caused.items()))
