"""The three halves side by side: what ads cost, what the link page saw, and what was played and paid."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from bedrot.cli.output import UNKNOWN, print_table, say

if TYPE_CHECKING:
    from bedrot.simulate.ads import Campaign
    from bedrot.zones.lake import Lake

_WEEKS_SHOWN = 20
_BAR = 17
_ON, _OFF = "■", "·"
_WEEK = timedelta(days=7)
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Joined:
    """The published figures of one campaign's artist by day, and royalties by sale month.

    All of it is asked of the lake. `page_clicks` are those of the whole link page. A day or month
    of which nothing is published is missing.
    """

    artist: str
    campaign: str
    spend: Mapping[date, Decimal]
    ad_clicks: Mapping[date, int]
    page_clicks: Mapping[date, int]
    streams: Mapping[date, int]
    net: Mapping[str, Decimal]


@dataclass(frozen=True, slots=True, kw_only=True)
class Week:
    """One week from Monday on; the sums are of its published days, None where there is none."""

    first: date
    days_on: tuple[bool, ...]
    spend: Decimal | None
    ad_clicks: int | None
    page_clicks: int | None
    streams: int
    stream_days: int


def joined(lake: Lake, campaign: Campaign) -> Joined:
    """Ask the lake for one campaign's days, and for its artist's plays and royalties."""
    from bedrot.pipeline.reading import query

    ads = query(
        lake,
        "select insight_date as day, campaign_spend_usd as spend, campaign_clicks as clicks "
        f"from fct_ad_daily where campaign_id = '{campaign.id}'",
    ).to_pylist()
    page = query(lake, "select visit_date as day, clicks from fct_link_daily")
    streams = query(
        lake,
        "select stream_date as day, streams from fct_streams_daily "
        "where source = 'toolost' and store = 'Spotify'",
    )
    net = query(
        lake,
        "select sale_month as month, sum(net_usd) as net from fct_royalty_line "
        "where source = 'toolost' group by sale_month",
    )
    return Joined(
        artist=campaign.artist,
        campaign=campaign.name,
        spend={row["day"]: row["spend"] for row in ads},
        ad_clicks={row["day"]: row["clicks"] for row in ads},
        page_clicks={row["day"]: row["clicks"] for row in page.to_pylist()},
        streams={row["day"]: row["streams"] for row in streams.to_pylist()},
        net={row["month"]: row["net"] for row in net.to_pylist()},
    )


def weeks_of(told: Joined) -> list[Week]:
    """The newest weeks of which any streams are published, oldest first."""
    if not told.streams:
        return []
    newest = max(told.streams)
    last = newest - timedelta(days=newest.weekday())
    firsts = [last - back * _WEEK for back in reversed(range(_WEEKS_SHOWN))]
    return [_week(told, first) for first in firsts if first + 6 * _DAY >= min(told.streams)]


def say_join(told: Joined, caused: int) -> None:
    """Print weeks with the days on which ads ran, and months with their royalties.

    Args:
        told: What the lake publishes.
        caused: How many of the streams ads truly caused, which only the truth knows.
    """
    say(f"Ads, link page and streams of {told.artist}, week by week", style="bold")
    weeks = weeks_of(told)
    highest = max((week.streams for week in weeks), default=0)
    print_table(
        None,
        ["week of", "ads on", "spend", "clicks", "page", "streams", ""],
        [
            (
                week.first,
                "".join(_ON if is_on else _OFF for is_on in week.days_on),
                week.spend,
                week.ad_clicks,
                week.page_clicks,
                week.streams,
                _bar(week, highest),
            )
            for week in weeks
        ],
    )
    say(f"{_ON} a day with ads; spend in USD; clicks on the ads, and on the whole link page;")
    say("░ a week of which not all days are told yet")
    say()
    say(f"and what the months of {told.artist} cost and paid", style="bold")
    print_table(
        None,
        ["month", "spend USD", "ad clicks", "streams", "royalties, net USD"],
        [*_months(told)],
    )
    say(f"{UNKNOWN} stores have not reported it yet")
    say(f"In truth the ads caused {caused} of these streams: compare any estimate with that.")


def _week(told: Joined, first: date) -> Week:
    days = [first + place * _DAY for place in range(7)]
    return Week(
        first=first,
        days_on=tuple(told.spend.get(day, Decimal(0)) > 0 for day in days),
        spend=_sum_of_money(told.spend, days),
        ad_clicks=_sum(told.ad_clicks, days),
        page_clicks=_sum(told.page_clicks, days),
        streams=_sum(told.streams, days) or 0,
        stream_days=sum(day in told.streams for day in days),
    )


def _bar(week: Week, highest: int) -> str:
    width = week.streams * _BAR // highest if highest else 0
    return ("█" if week.stream_days == 7 else "░") * width


def _months(told: Joined) -> Iterator[tuple[object, ...]]:
    streams: Counter[str] = Counter()
    clicks: Counter[str] = Counter()
    spend: defaultdict[str, Decimal] = defaultdict(Decimal)
    for day, count in told.streams.items():
        streams[f"{day:%Y-%m}"] += count
    for day, count in told.ad_clicks.items():
        clicks[f"{day:%Y-%m}"] += count
    for day, amount in told.spend.items():
        spend[f"{day:%Y-%m}"] += amount
    for month in sorted(streams.keys() | told.net.keys()):
        yield month, spend.get(month), clicks.get(month), streams.get(month), told.net.get(month)


def _sum(figures: Mapping[date, int], days: Sequence[date]) -> int | None:
    known = [figures[day] for day in days if day in figures]
    return sum(known) if known else None


def _sum_of_money(figures: Mapping[date, Decimal], days: Sequence[date]) -> Decimal | None:
    known = [figures[day] for day in days if day in figures]
    return sum(known, Decimal(0)) if known else None
