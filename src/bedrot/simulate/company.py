"""What an invented company has on the platforms around its music, at any size."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from bedrot.simulate.ads import AdMarket, Campaign, Delivery
from bedrot.simulate.effect import Causes, Effect, plays_by_day, plays_by_month
from bedrot.simulate.label import Label, with_more_plays
from bedrot.simulate.links import Link, LinkDay, LinkPage
from bedrot.simulate.social import SocialAccount, SocialDay
from bedrot.simulate.streams import STORES, Played, played
from bedrot.sources.toolost.synthetic import SalesLine

CAUSES = Causes()
"""What a click on an ad truly brings, where nothing else is asked for."""

MARKET = AdMarket()
"""What ads truly cost."""

_PAGE_ACCOUNT = "tinalmanac"
_FIRST_LINK = 453_800_000


@dataclass(frozen=True, kw_only=True, slots=True)
class Company:
    """What is true of ads, links, videos, and the one artist whose music TooLost delivers.

    `guest` is that artist's account, its lines hold the plays that ads brought, and `sales` are
    those that TooLost reports. `deliveries` are by campaign id, `social` by account.
    """

    seed: int
    guest: Label
    sales: tuple[SalesLine, ...]
    market: AdMarket
    causes: Causes
    campaigns: tuple[Campaign, ...]
    deliveries: Mapping[str, Mapping[date, Delivery]]
    effects: tuple[Effect, ...]
    social_accounts: tuple[SocialAccount, ...]
    social: Mapping[str, Mapping[date, SocialDay]]
    page: LinkPage
    links: Mapping[date, LinkDay]

    @property
    def house_plays(self) -> Played:
        """The plays of the account at DistroKid."""
        raise NotImplementedError

    @property
    def guest_plays(self) -> Played:
        """The plays of the account at TooLost."""
        isrcs = {recording.isrc for recording in self.guest.recordings}
        return played(self.guest, plays_by_day(self.effects_on(isrcs)))

    def effects_on(self, isrcs: Collection[str]) -> list[Effect]:
        """What the campaigns for some recordings caused."""
        return [effect for effect in self.effects if effect.campaign.isrc in isrcs]


def with_plays_of(effects: Sequence[Effect], label: Label) -> Label:
    """A label whose lines hold the plays that campaigns for its recordings brought."""
    isrcs = {recording.isrc for recording in label.recordings}
    for store in STORES:
        plays = plays_by_month(effects, store)
        own = {key: units for key, units in plays.items() if key[0] in isrcs}
        label = with_more_plays(label, store, own)
    return label


def page_of(campaigns: Sequence[Campaign]) -> LinkPage:
    """A page with a link to each recording that is advertised, at both stores."""
    links = [
        Link(
            id=_FIRST_LINK + 100 * number + place,
            title=f"{campaign.name} ({store})",
            isrc=campaign.isrc,
            store=store,
            share=(500, 120)[place],
        )
        for number, campaign in enumerate(campaigns)
        for place, store in enumerate(STORES)
    ]
    return LinkPage(account=_PAGE_ACCOUNT, links=tuple(links))
