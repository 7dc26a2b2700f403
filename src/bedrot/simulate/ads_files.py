"""What Meta tells of campaigns: dumps of objects and whole lives, pages of days, and an export."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

from bedrot.simulate.ads import (
    Campaign,
    Delivery,
    added,
    by_adset,
    part_of,
)
from bedrot.simulate.flows import FlowTruth, Told, put_together
from bedrot.simulate.inbox import Made
from bedrot.sources.metaads import synthetic as meta

PROVISIONAL_DAYS = 1
CURRENCY = "USD"

_AD_ACCOUNT = "900000000000001"
_RESULT = "link_click"
_A_PAGE = 60
_DAY = timedelta(days=1)
_STAMP = "%Y%m%d_%H%M%S"

# What Meta has counted of the days before the reading, per mille; older days are whole.
_COUNTED = (975, 990, 996)

Days = Mapping[date, Delivery]
AdRow = tuple[Decimal, int, int, int | None, int]
"""Spend, impressions, all clicks, clicks that lead to the link page, and reach.

An export tells no clicks that lead to the page; a day that it tells last has none.
"""


@dataclass(frozen=True, kw_only=True, slots=True)
class Pull:
    """Days that are asked for or exported: when, and from which day on."""

    at: datetime
    since: date


@dataclass(frozen=True, kw_only=True, slots=True)
class AdSchedule:
    """When somebody took what: dumps, days from the API, and exports of Ads Manager."""

    dumps: Sequence[datetime]
    pulls: Sequence[Pull]
    exports: Sequence[Pull]


@dataclass(frozen=True, kw_only=True, slots=True)
class AdTruth:
    """What must be published. `link_clicks` are those among the actions, which the API alone tells.

    `lives` are what ad sets spent and brought, by id and moment of the dump.
    """

    campaigns: tuple[FlowTruth[AdRow], ...]
    link_clicks: tuple[FlowTruth[int], ...]
    lives: Mapping[tuple[str, datetime], Delivery]


def ad_files(
    campaigns: Sequence[Campaign],
    deliveries: Mapping[str, Days],
    schedule: AdSchedule,
    folder: str = "ads",
) -> tuple[list[Made], AdTruth]:
    """The files of an ad account, and what a lake that holds all of them must publish."""
    files: list[Made] = []
    told: list[Told[AdRow]] = []
    clicked: list[Told[int]] = []
    lives: dict[tuple[str, datetime], Delivery] = {}
    for at in schedule.dumps:
        running = [
            one for one in campaigns if min(deliveries[one.id], default=at.date()) < at.date()
        ]
        lived = _lives(running, deliveries, at)
        lives |= {(name, at): life for name, (_, _, life) in lived.items()}
        files += _dump(running, lived, at, f"{folder}/meta_ads_dump_{at:{_STAMP}}")
    for pull in schedule.pulls:
        seen = _seen(campaigns, deliveries, pull)
        files += _pages(seen, pull, f"{folder}/insights_{pull.at:{_STAMP}}")
        told += _told(seen, pull, has_link_clicks=True)
        clicked += [
            Told(
                series=one.id,
                as_of=pull.at,
                days={day: delivery.link_clicks for day, delivery in days.items()},
            )
            for one, days in seen
            if days
        ]
    for export in schedule.exports:
        seen = _seen(campaigns, deliveries, export)
        files.append(_export(seen, export, f"{folder}/ads_manager_{export.at:{_STAMP}}"))
        told += _told(seen, export, has_link_clicks=False)
    truth = AdTruth(
        campaigns=put_together(told, provisional_days=PROVISIONAL_DAYS),
        link_clicks=put_together(clicked, provisional_days=PROVISIONAL_DAYS),
        lives=lives,
    )
    return files, truth


def as_read(days: Days, at: datetime) -> dict[date, Delivery]:
    """What Meta tells of days at a moment: the last ones are not counted to the end."""
    shares = {at.date(): 1_000 * (at.hour * 60 + at.minute) // (24 * 60)}
    shares |= {at.date() - place * _DAY: part for place, part in enumerate(_COUNTED, start=1)}
    return {
        day: part_of(delivery, shares[day]) if day in shares else delivery
        for day, delivery in days.items()
        if day <= at.date()
    }


def _seen(
    campaigns: Iterable[Campaign], deliveries: Mapping[str, Days], pull: Pull
) -> list[tuple[Campaign, Days]]:
    return [
        (
            one,
            {
                day: delivery
                for day, delivery in as_read(deliveries[one.id], pull.at).items()
                if day >= pull.since
            },
        )
        for one in campaigns
    ]


def _told(
    seen: Iterable[tuple[Campaign, Days]], pull: Pull, *, has_link_clicks: bool
) -> Iterator[Told[AdRow]]:
    for one, days in seen:
        if days:
            rows: dict[date, AdRow] = {
                day: (
                    told.spend,
                    told.impressions,
                    told.clicks,
                    told.link_clicks if has_link_clicks else None,
                    told.reach,
                )
                for day, told in days.items()
            }
            yield Told(series=one.id, as_of=pull.at, days=rows)


def _lives(
    campaigns: Iterable[Campaign], deliveries: Mapping[str, Days], at: datetime
) -> dict[str, tuple[Campaign, date, Delivery]]:
    """By ad set: its campaign, its first day, and what it brought up to a moment."""
    return {
        name: (one, min(days), added(as_read(days, at).values()))
        for one in campaigns
        for name, days in by_adset(one, deliveries[one.id]).items()
    }


def _dump(
    campaigns: Sequence[Campaign],
    lives: Mapping[str, tuple[Campaign, date, Delivery]],
    at: datetime,
    folder: str,
) -> Iterator[Made]:
    insights = [
        meta.insight_object(
            _figures(one, first, at.date(), life, adset=(name, f"{one.artist} - {name[-2:]}"))
        )
        for name, (one, first, life) in lives.items()
    ]
    listed = {
        "campaigns": [meta.campaign_object(_campaign(one, at)) for one in campaigns],
        "adsets": [
            meta.adset_object(_adset(name, one, place, at))
            for one in campaigns
            for place, name in enumerate(one.adset_ids)
        ],
        "ads": [meta.ad_object(_ad(name, one, at)) for one in campaigns for name in one.adset_ids],
        "insights": insights,
    }
    for name, objects in listed.items():
        yield Made(
            name=f"{folder}/{name}.json",
            content=meta.dump(objects),
            kind="lifetime_insights" if name == "insights" else "objects",
            as_of=at,
            lines=len(objects),
        )


def _pages(seen: Sequence[tuple[Campaign, Days]], pull: Pull, folder: str) -> Iterator[Made]:
    """Pages of the Graph API, day by day; each but the last names the next one."""
    rows = sorted(
        ((day, one.id, one, delivery) for one, days in seen for day, delivery in days.items()),
        key=lambda row: row[:2],
    )
    for start in range(0, len(rows), _A_PAGE):
        objects = [
            meta.insight_object(_figures(one, day, day, delivery))
            for day, _, one, delivery in rows[start : start + _A_PAGE]
        ]
        yield Made(
            name=f"{folder}/campaigns_by_day_{start // _A_PAGE + 1}.json",
            content=meta.graph_page(objects, "insights", has_next=start + _A_PAGE < len(rows)),
            kind="daily_insights",
            as_of=pull.at,
            lines=len(objects),
        )


def _export(seen: Sequence[tuple[Campaign, Days]], pull: Pull, folder: str) -> Made:
    rows = [
        _figures(one, day, day, delivery) for one, days in seen for day, delivery in days.items()
    ]
    return Made(
        name=f"{folder}/campaigns.csv",
        content=meta.export_csv(rows, currency=CURRENCY, by_day=True),
        kind="ads_export",
        as_of=pull.at,
        lines=len(rows),
    )


def _figures(
    campaign: Campaign,
    start: date,
    stop: date,
    delivery: Delivery,
    adset: tuple[str, str] | None = None,
) -> meta.Figures:
    return meta.Figures(
        campaign_id=campaign.id,
        campaign_name=campaign.name,
        adset_id=adset[0] if adset else None,
        adset_name=adset[1] if adset else None,
        start=start,
        stop=stop,
        spend=delivery.spend,
        impressions=delivery.impressions,
        clicks=delivery.clicks,
        reach=delivery.reach,
        link_clicks=delivery.link_clicks,
        currency=CURRENCY,
        account_id=_AD_ACCOUNT,
        actions=(meta.Action(action_type=_RESULT, count=delivery.link_clicks),),
    )


def _campaign(campaign: Campaign, at: datetime) -> meta.Campaign:
    return meta.Campaign(
        id=campaign.id,
        name=campaign.name,
        status=_status(campaign, at),
        objective="OUTCOME_TRAFFIC",
        created=_morning(campaign.first),
        updated=_morning(max(_starts(campaign, at))),
    )


def _adset(name: str, campaign: Campaign, place: int, at: datetime) -> meta.AdSet:
    begun = [flight for flight in campaign.flights if flight.first <= at.date()]
    return meta.AdSet(
        id=name,
        name=f"{campaign.artist} - {name[-2:]}",
        campaign_id=campaign.id,
        status=_status(campaign, at),
        optimization_goal="LINK_CLICKS",
        daily_budget=begun[-1].daily_budget * (600, 400)[place] // 1_000,
        countries=campaign.countries,
        created=_morning(campaign.first),
        updated=_morning(max(_starts(campaign, at))),
    )


def _ad(adset: str, campaign: Campaign, at: datetime) -> meta.Ad:
    status = _status(campaign, at)
    return meta.Ad(
        id=f"{adset[:-1]}9",
        name=f"{campaign.name} - video",
        campaign_id=campaign.id,
        adset_id=adset,
        creative_id=f"{adset[:-1]}8",
        status=status,
        effective_status=status,
        created=_morning(campaign.first),
        updated=_morning(max(_starts(campaign, at))),
    )


def _status(campaign: Campaign, at: datetime) -> str:
    return "ACTIVE" if campaign.runs_on(at.date()) else "PAUSED"


def _starts(campaign: Campaign, at: datetime) -> list[date]:
    return [flight.first for flight in campaign.flights if flight.first <= at.date()]


def _morning(day: date) -> datetime:
    return datetime.combine(day, time(17), UTC)
