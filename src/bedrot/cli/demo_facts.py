"""Every daily fact of the demo's smaller sources, held row by row against what was invented."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bedrot.simulate.demo import Inbox
    from bedrot.simulate.flows import FlowTruth
    from bedrot.zones.lake import Lake

Row = tuple[Any, ...]
"""A key of one or more values, and figures; both are compared as they are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One fact: how the lake is asked for its rows, and the rows that are true.

    The first `key` columns of a row tell which one it is; the next one is what is added up.
    """

    source: str
    name: str
    sql: str
    key: int
    truth: Callable[[Inbox], Iterable[Row]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A fact of the lake beside the truth. Rows that are missing or too many are not equal."""

    source: str
    name: str
    rows: int
    expected: int
    equal: int
    total: Decimal
    true_total: Decimal

    @property
    def is_equal(self) -> bool:
        return self.rows == self.expected == self.equal and self.total == self.true_total


def hold_facts(lake: Lake, inbox: Inbox) -> list[Held]:
    """Hold every fact against the truth."""
    from bedrot.pipeline.reading import query, release_at, tables_named

    tables = release_at(lake).tables
    held = []
    for fact in FACTS:
        # A stream has a table once something of it was captured; without it there are no rows.
        is_there = all(name in tables for name in tables_named(fact.sql) or ())
        rows = query(lake, fact.sql).to_pylist() if is_there else []
        held.append(_held(fact, [tuple(row.values()) for row in rows], [*fact.truth(inbox)]))
    return held


def _held(fact: Fact, found: Sequence[Row], expected: Sequence[Row]) -> Held:
    true = {row[: fact.key]: row for row in expected}
    return Held(
        source=fact.source,
        name=fact.name,
        rows=len(found),
        expected=len(expected),
        equal=sum(true.get(row[: fact.key]) == row for row in found),
        total=_total(found, fact.key),
        true_total=_total(expected, fact.key),
    )


def _total(rows: Iterable[Row], place: int) -> Decimal:
    return sum((Decimal(row[place]) for row in rows if row[place] is not None), Decimal(0))


def _flow(truths: Iterable[FlowTruth[Any]], figures: Callable[[Any], Row]) -> Iterable[Row]:
    """Rows of series and day, figures, and whether they are provisional."""
    for truth in truths:
        for day, value in truth.days.items():
            yield truth.series, day, *figures(value), day in truth.provisional


def _sales(inbox: Inbox) -> Iterable[Row]:
    from bedrot.simulate.sales import payable

    for line in inbox.world.sales:
        yield line.transaction_id, payable(line), line.units, line.isrc, f"{line.sale_date:%Y-%m}"


def _discovery(inbox: Inbox) -> Iterable[Row]:
    for month in inbox.toolost.discovery:
        yield month.start, month.fees, month.streams


def _toolost_streams(inbox: Inbox) -> Iterable[Row]:
    return _flow(inbox.toolost.stores, lambda streams: (streams,))


def _ad_days(inbox: Inbox) -> Iterable[Row]:
    return _flow(inbox.ads.campaigns, lambda figures: figures)


def _link_clicks_of_ads(inbox: Inbox) -> Iterable[Row]:
    return _flow(inbox.ads.link_clicks, lambda clicks: (clicks,))


def _lives(inbox: Inbox) -> Iterable[Row]:
    for (adset, at), life in inbox.ads.lives.items():
        yield adset, at, life.spend, life.impressions, life.clicks


def _social(inbox: Inbox) -> Iterable[Row]:
    levels = {one.series: one.days for one in inbox.social.followers}
    for account, day, *figures, is_provisional in _flow(inbox.social.overview, lambda told: told):
        yield account, day, *figures, levels[account][day], is_provisional


def _page(inbox: Inbox) -> Iterable[Row]:
    for _, *rest in _flow([inbox.links.page], lambda figures: figures):
        yield tuple(rest)


def _socials(inbox: Inbox) -> Iterable[Row]:
    return _flow(inbox.links.socials, lambda clicks: (clicks,))


FACTS: tuple[Fact, ...] = (
    Fact(
        source="TooLost",
        name="net USD",
        sql="select transaction_id, net_usd, units, isrc, sale_month from fct_royalty_line "
        "where source = 'toolost'",
        key=1,
        truth=_sales,
    ),
    Fact(
        source="TooLost",
        name="streams",
        sql="select store, stream_date, streams, is_provisional from fct_streams_daily "
        "where source = 'toolost'",
        key=2,
        truth=_toolost_streams,
    ),
    Fact(
        source="TooLost",
        name="fees USD",
        sql="select month_start_date, fees_usd, streams from stg_toolost__spotify_discovery_monthly",
        key=1,
        truth=_discovery,
    ),
    Fact(
        source="Meta Ads",
        name="spend USD",
        sql="select campaign_id, insight_date, campaign_spend_usd, campaign_impressions, "
        "campaign_clicks, campaign_link_clicks, campaign_reach, is_provisional from fct_ad_daily",
        key=2,
        truth=_ad_days,
    ),
    Fact(
        source="Meta Ads",
        name="link clicks",
        sql="select entity_id, insight_date, action_count, is_provisional "
        "from stg_metaads__insight_actions_daily where level = 'campaign' "
        "and action_type = 'link_click' and attribution_window = 'default'",
        key=2,
        truth=_link_clicks_of_ads,
    ),
    Fact(
        source="Meta Ads",
        name="ad sets USD",
        sql="select adset_id, snapshot_at, adset_spend, adset_impressions, adset_clicks "
        "from stg_metaads__adset_insights_lifetime",
        key=2,
        truth=_lives,
    ),
    Fact(
        source="TikTok",
        name="views",
        sql="select account_id, social_date, view_count, profile_view_count, like_count, "
        "comment_count, share_count, follower_count, is_provisional from fct_social_daily",
        key=2,
        truth=_social,
    ),
    Fact(
        source="Linktree",
        name="views",
        sql="select visit_date, views, clicks, daily_unique_views, daily_unique_clicks, "
        "is_provisional from fct_link_daily",
        key=1,
        truth=_page,
    ),
    Fact(
        source="Linktree",
        name="socials",
        sql="select social_name, click_date, social_clicks, is_provisional "
        "from fct_link_social_daily",
        key=2,
        truth=_socials,
    ),
)
