"""Companies at scale: millions of royalty lines, and years of all that the other platforms tell.

Lines are written by DuckDB (`bulk.py`); all else follows from their units by month and store, and
is told by the day, so that nothing is done line by line. Ads caused a part of the units that the
lines hold: the plays without ads are the lines' less that part.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

from bedrot.simulate.ads import Campaign, Flight, delivered
from bedrot.simulate.ads_files import AdSchedule, AdTruth, Pull, ad_files
from bedrot.simulate.bulk import FIRST_MONTH, sold_by_month, write_months
from bedrot.simulate.catalogue import GUEST
from bedrot.simulate.company import CAUSES, MARKET, Company, page_of, with_plays_of
from bedrot.simulate.days import add_months, chosen_days
from bedrot.simulate.effect import effect_of, plays_by_day
from bedrot.simulate.flows import Told
from bedrot.simulate.inbox import Made, write_files
from bedrot.simulate.label import make_label
from bedrot.simulate.link_files import LinkTruth, Visit, link_files
from bedrot.simulate.links import link_days
from bedrot.simulate.sales import SalesTruth, sales_lines, sales_truth
from bedrot.simulate.social import SocialAccount, social_days
from bedrot.simulate.social_files import Download, SocialTruth, social_files
from bedrot.simulate.streams import (
    PROVISIONAL_DAYS,
    STORES,
    DailyStore,
    DailyTruth,
    Played,
    daily_streams,
    daily_truth,
)
from bedrot.simulate.toolost_files import ToolostTruth, analytics_files, sales_files
from bedrot.sources.distrokid.synthetic_pages import (
    Frame,
    Store,
    apple_page,
    page_name,
    spotify_page,
)

_GUEST_RECORDINGS = 5
_ADVERTISED = "ZZBDR2300001"
_PAGES: Mapping[DailyStore, Store] = {"Spotify": "streams", "Apple Music": "applemusic"}
_DAY = timedelta(days=1)
_YEAR = timedelta(days=364)


@dataclass(frozen=True, kw_only=True, slots=True)
class BulkCompany(Company):
    """One company: its name, the plays of its royalty lines, and the days of which it is told."""

    name: str
    plays: Played
    first: date
    last: date

    @property
    def house_plays(self) -> Played:
        """The plays of the account at DistroKid."""
        return self.plays


@dataclass(frozen=True, kw_only=True, slots=True)
class BulkTold:
    """What a lake that holds all files of one company must publish beside its royalty lines."""

    company: BulkCompany
    daily: DailyTruth
    sales: SalesTruth
    toolost: ToolostTruth
    ads: AdTruth
    social: SocialTruth
    links: LinkTruth


def make_company(number: int, *, lines: int, months: int, seed: int = 1) -> BulkCompany:
    """Invent one company around the ledger of its own seed, from its first to its last month."""
    own = ledger_seed(number, seed)
    sold = {store: sold_by_month(store, lines=lines, months=months, seed=own) for store in STORES}
    first, last = FIRST_MONTH, add_months(FIRST_MONTH, months) - _DAY
    guest = make_label(
        own * 31 + 17,
        first_month=f"{first:%Y-%m}",
        months=months,
        recordings=_GUEST_RECORDINGS,
        roster=GUEST,
    )
    guests_isrc = guest.recordings[-1].isrc
    campaigns = _campaigns(number, guests_isrc, sold["Spotify"], months)
    deliveries = {one.id: delivered(own, one, MARKET) for one in campaigns}
    effects = tuple(effect_of(own, one, deliveries[one.id], CAUSES) for one in campaigns)
    houses = [effect for effect in effects if effect.campaign.isrc == _ADVERTISED]
    account = SocialAccount(
        name=f"bulk.artist.{number:03}", artist=GUEST.artists[0], views=20_000, followers=5_000
    )
    social = {account.name: social_days(own, account, (), first, last)}
    page = page_of(_one_per_recording(campaigns))
    guest = with_plays_of(effects, guest)
    return BulkCompany(
        name=f"company_{number:03}",
        seed=own,
        plays=Played(seed=own, sold=sold, more=plays_by_day(houses)),
        guest=guest,
        sales=sales_lines(guest),
        market=MARKET,
        causes=CAUSES,
        campaigns=campaigns,
        deliveries=deliveries,
        effects=effects,
        social_accounts=(account,),
        social=social,
        page=page,
        links=link_days(own, page, effects, [*social.values()], (first, last)),
        first=first,
        last=last,
    )


def write_company(folder: Path, number: int, *, lines: int, months: int, seed: int = 1) -> BulkTold:
    """Write all that five platforms tell of one company, below a folder of its name.

    Args:
        folder: Below it, everything of one company is to be imported under one account.
        number: Which company; each has a ledger of its own.
        lines: Its royalty lines.
        months: Their reporting months, and the months of everything else.
        seed: Of all companies.
    """
    company = make_company(number, lines=lines, months=months, seed=seed)
    own = folder / company.name
    write_months(own / "royalties", lines=lines, months=months, seed=company.seed)
    pages, daily = _pages(company)
    ads, ad_truth = ad_files(company.campaigns, company.deliveries, _ad_schedule(company))
    answers, toolost = analytics_files(company.guest, company.guest_plays, _ends_of_years(company))
    social, social_truth = social_files(company.social, _downloads(company))
    links, link_truth = link_files(company.page, company.links, _visits(company))
    reports = sales_files(company.sales, company.last)
    write_files(own, [*pages, *ads, *answers, *reports, *social, *links])
    return BulkTold(
        company=company,
        daily=daily,
        sales=sales_truth(one for one in company.sales if one.reporting_date <= company.last),
        toolost=toolost,
        ads=ad_truth,
        social=social_truth,
        links=link_truth,
    )


def ledger_seed(number: int, seed: int = 1) -> int:
    """The seed of one company's ledger."""
    return seed * 1_009 + number


def _campaigns(
    number: int, guests_isrc: str, sold: Mapping[str, int], months: int
) -> tuple[Campaign, ...]:
    """A campaign each quarter, of two flights, by turns for the house's music and the guest's.

    The house spends by its plays, so that ads bring some per cent of them at any size.
    """
    a_day = sum(sold.values()) // (len(sold) * 30)
    return tuple(
        Campaign(
            id=f"1202{number:04}{quarter:04}410075",
            name=f"Quarter {quarter + 1} - {'guest' if quarter % 2 else 'house'}",
            artist=GUEST.artists[0] if quarter % 2 else "Bulk Artist 01",
            isrc=guests_isrc if quarter % 2 else _ADVERTISED,
            flights=_flights(quarter, 1_500 if quarter % 2 else a_day),
        )
        for quarter in range(months // 3)
    )


def _flights(quarter: int, budget: int) -> tuple[Flight, ...]:
    first = add_months(FIRST_MONTH, 3 * quarter)
    return tuple(
        Flight(first=begins, last=begins + 16 * _DAY, daily_budget=budget)
        for begins in (first.replace(day=4), add_months(first, 1).replace(day=19))
    )


def _one_per_recording(campaigns: Sequence[Campaign]) -> list[Campaign]:
    """The page has one link to a recording, however often it is advertised."""
    return list({campaign.isrc: campaign for campaign in campaigns}.values())


def _at(day: date, hour: int) -> datetime:
    return datetime.combine(day, time(hour, 5, 10), UTC)


def _ends_of_years(company: BulkCompany) -> list[datetime]:
    years = [date(year, 12, 31) for year in range(company.first.year, company.last.year)]
    return [_at(day, 21) for day in (*years, company.last) if day <= company.last]


def _steps(company: BulkCompany, days: int) -> list[date]:
    """Days so far apart that none between them is missed, and the last one."""
    count = (company.last - company.first).days
    steps = [company.first + step * _DAY for step in range(days, count, days)]
    return [*steps, company.last]


def _visits(company: BulkCompany) -> list[Visit]:
    return [Visit(at=_at(day, 20), days=90) for day in _steps(company, 80)]


def _downloads(company: BulkCompany) -> list[Download]:
    return [
        Download(at=_at(day, 9), days=min(365, (day - company.first).days))
        for day in _steps(company, 350)
    ]


def _ad_schedule(company: BulkCompany) -> AdSchedule:
    """Days every 28 days with those before them again, and a dump every quarter."""
    return AdSchedule(
        dumps=[_at(day, 18) for day in _steps(company, 91)],
        pulls=[Pull(at=_at(day, 19), since=day - 56 * _DAY) for day in _steps(company, 28)],
        exports=(),
    )


def _pages(company: BulkCompany) -> tuple[list[Made], DailyTruth]:
    """Statistics pages of both stores, so often that every day from the first on is shown."""
    files: list[Made] = []
    told: list[Told[int]] = []
    for store in STORES:
        streams = daily_streams(company.plays, store, until=company.last)
        for day in _steps(company, 340):
            at, newest = _at(day, 7), day - (2 if PROVISIONAL_DAYS[store] == 0 else 1) * _DAY
            shown = {one: streams[one] for one in chosen_days(streams, newest - _YEAR, newest)}
            write = spotify_page if store == "Spotify" else apple_page
            told.append(Told(series=store, as_of=at, days=shown))
            files.append(
                Made(
                    name=f"pages/{page_name(_PAGES[store], at)}",
                    content=write(shown, Frame(captured_at=at)),
                    kind="spotify_page" if store == "Spotify" else "apple_page",
                    as_of=at,
                    lines=len(shown),
                )
            )
    return files, daily_truth(company.plays, told)
