"""One invented company with all that its platforms tell: releases, plays, money, ads, links, videos.

Everything follows from the seed. Ads are the cause of some of it: their clicks lead to the link
page, from there to the stores, and the streams they bring are paid like any other. The same world
without ads lacks exactly what they caused, and nothing else differs.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from bedrot.simulate.ads import Campaign, Flight, delivered
from bedrot.simulate.catalogue import GUEST, Recording
from bedrot.simulate.company import CAUSES, MARKET, Company, page_of, with_plays_of
from bedrot.simulate.effect import Causes, effect_of, plays_by_day
from bedrot.simulate.label import Label, make_label
from bedrot.simulate.links import link_days
from bedrot.simulate.sales import sales_lines
from bedrot.simulate.social import SocialAccount, social_days
from bedrot.simulate.streams import Played, played

LAST_DAY = date(2026, 8, 6)
"""The newest day that anything is told of."""

GUEST_MONTH = "2026-01"
"""The first sale month at the second distributor."""

LINKS_SINCE = date(2026, 3, 1)
"""The first day of the link page."""

SOCIAL_SINCE = date(2026, 3, 1)
"""The first day of which anything is known of the accounts on TikTok."""

_GUEST_MONTHS = 5
_GUEST_RECORDINGS = 5


@dataclass(frozen=True, kw_only=True, slots=True)
class World(Company):
    """What is true. `house` is the account at DistroKid, whose lines hold the plays of ads, too."""

    house: Label

    @property
    def house_plays(self) -> Played:
        """The plays of the account at DistroKid."""
        isrcs = {recording.isrc for recording in self.house.recordings}
        return played(self.house, plays_by_day(self.effects_on(isrcs)))


def make_world(
    seed: int = 1,
    *,
    recordings: int = 20,
    volume: float = 1.0,
    has_ads: bool = True,
    causes: Causes = CAUSES,
) -> World:
    """Invent a world; without ads it is the same one, had the company never advertised.

    Args:
        seed: Another number makes another world.
        recordings: Of the account at DistroKid; 4 to 56.
        volume: Scales the plays.
        has_ads: Whether the campaigns run.
        causes: What an ad's click truly brings.
    """
    house = make_label(seed, recordings=recordings, volume=volume)
    guest = make_label(
        seed * 31 + 17,
        first_month=GUEST_MONTH,
        months=_GUEST_MONTHS,
        recordings=_GUEST_RECORDINGS,
        volume=volume,
        roster=GUEST,
    )
    campaigns = _campaigns(house, guest)
    deliveries = {one.id: delivered(seed, one, MARKET) if has_ads else {} for one in campaigns}
    effects = tuple(effect_of(seed, one, deliveries[one.id], causes) for one in campaigns)
    house, guest = (with_plays_of(effects, label) for label in (house, guest))
    accounts = _social_accounts(guest, house)
    social = {
        account.name: social_days(
            seed, account, _release_days(account, house, guest), SOCIAL_SINCE, LAST_DAY
        )
        for account in accounts
    }
    page = page_of(campaigns)
    window = (LINKS_SINCE, LAST_DAY)
    return World(
        seed=seed,
        house=house,
        guest=guest,
        sales=sales_lines(guest),
        market=MARKET,
        causes=causes,
        campaigns=campaigns,
        deliveries=deliveries,
        effects=effects,
        social_accounts=accounts,
        social=social,
        page=page,
        links=link_days(seed, page, effects, [*social.values()], window),
    )


def advertised(world: World) -> Campaign:
    """The campaign that is followed from its money to streams and royalties: the guest's."""
    return world.campaigns[0]


def _campaigns(house: Label, guest: Label) -> tuple[Campaign, ...]:
    """One for each account. A flight of the first begins with a release, the others do not."""
    single, other = _newest(guest), _newest(house)
    out = single.released_on(guest.first_month)
    return (
        Campaign(
            id="120230000000410075",
            name=f"{single.artist} - {single.title}",
            artist=single.artist,
            isrc=single.isrc,
            flights=(
                Flight(first=out, last=out.replace(day=out.day + 16), daily_budget=1_800),
                Flight(first=date(2026, 5, 11), last=date(2026, 5, 27), daily_budget=1_500),
                Flight(first=date(2026, 6, 29), last=date(2026, 7, 19), daily_budget=2_200),
            ),
        ),
        Campaign(
            id="120230000000420075",
            name=f"{other.artist} - {other.title}",
            artist=other.artist,
            isrc=other.isrc,
            flights=(
                Flight(first=date(2026, 4, 20), last=date(2026, 5, 3), daily_budget=1_000),
                Flight(first=date(2026, 7, 27), last=LAST_DAY, daily_budget=1_200),
            ),
        ),
    )


def _newest(label: Label) -> Recording:
    """The recording that came out last, of equals the one with the smallest code."""
    return min(label.recordings, key=lambda one: (-one.release_index, one.isrc))


def _social_accounts(*labels: Label) -> tuple[SocialAccount, ...]:
    """Each label's artist with the newest music; names are spelled as TikTok allows."""
    return tuple(
        SocialAccount(
            name=".".join(re.findall("[a-z]+", _newest(label).artist.lower())),
            artist=_newest(label).artist,
            views=9_000 + 4_000 * number,
            followers=2_100 + 1_700 * number,
        )
        for number, label in enumerate(labels)
    )


def _release_days(account: SocialAccount, *labels: Label) -> Sequence[date]:
    return tuple(
        recording.released_on(label.first_month)
        for label in labels
        for recording in label.recordings
        if recording.artist == account.artist
    )
