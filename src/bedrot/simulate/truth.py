"""The truth of a world as tables, in memory and as files, so that whatever is estimated can be measured."""

import csv
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from bedrot.simulate.company import Company
from bedrot.simulate.sales import payable
from bedrot.simulate.streams import STORES, Played, daily_streams
from bedrot.simulate.world import LAST_DAY, World

Row = tuple[object, ...]

PARAMETERS = "parameters.json"
"""The file with the true parameters, beside one CSV for each table."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Table:
    """Rows under the names of their columns, sorted; amounts are `Decimal`, days are `date`."""

    columns: tuple[str, ...]
    rows: Sequence[Row]

    def total(self, column: str) -> Decimal:
        """The sum of a column."""
        place = self.columns.index(column)
        return sum((Decimal(str(row[place])) for row in self.rows), Decimal(0))


def truth_tables(world: World, *, until: date = LAST_DAY) -> dict[str, Table]:
    """One table for each kind of fact, of all days up to one; lines are those that are booked.

    `caused_streams` are part of `streams`: without the ads they were not there.
    """
    lines = Table(columns=_LINE_COLUMNS, rows=sorted(_royalty_lines(world, until), key=_order))
    return {"royalty_lines": lines, **daily_tables(world, until=until)}


def daily_tables(company: Company, *, until: date) -> dict[str, Table]:
    """All but the royalty lines, of a company of any size."""
    return {
        name: Table(columns=columns, rows=sorted(rows(company, until), key=_order))
        for name, (columns, rows) in _TABLES.items()
    }


def parameters(world: Company) -> dict[str, Any]:
    """What rules the world: prices of ads, what their clicks cause, and when campaigns ran."""
    return {
        "seed": world.seed,
        "ad_market": asdict(world.market),
        "causes": asdict(world.causes),
        "campaigns": [asdict(campaign) for campaign in world.campaigns],
        "caused": [
            {
                "campaign_id": effect.campaign.id,
                "visits": sum(effect.visits.values()),
                "store_clicks": {
                    store: sum(told.values()) for store, told in effect.clicks.items()
                },
                "streams": {store: sum(told.values()) for store, told in effect.streams.items()},
            }
            for effect in world.effects
        ],
    }


def write_truth(folder: Path, world: World, *, until: date = LAST_DAY) -> None:
    """Write every table as CSV, and the parameters as JSON."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, table in truth_tables(world, until=until).items():
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(table.columns)
            writer.writerows([_text(value) for value in row] for row in table.rows)
    told = json.dumps(parameters(world), indent=1, ensure_ascii=False, default=str)
    (folder / PARAMETERS).write_text(told + "\n", encoding="utf-8")


def _order(row: Row) -> tuple[str, ...]:
    return tuple(_text(value) for value in row)


def _text(value: object) -> str:
    return f"{value:f}" if isinstance(value, Decimal) else str(value)


def _royalty_lines(world: World, until: date) -> Iterator[Row]:
    for line in world.house.lines:
        if line.reporting_date <= until:
            yield (
                "distrokid",
                line.reporting_date,
                line.sale_month,
                line.store,
                line.artist,
                line.isrc,
                line.country,
                "deduction" if line.earnings < 0 else "sale",
                line.quantity,
                line.earnings,
            )
    artist = world.guest.artists[0]
    for sale in world.sales:
        if sale.reporting_date <= until:
            yield (
                "toolost",
                sale.reporting_date,
                f"{sale.sale_date:%Y-%m}",
                sale.channel,
                artist,
                sale.isrc,
                sale.country,
                "sale",
                sale.units,
                payable(sale),
            )


def _streams_daily(world: Company, until: date) -> Iterator[Row]:
    yield from _streams_of("distrokid", world.house_plays, until)
    yield from _streams_of("toolost", world.guest_plays, until)


def _streams_of(source: str, plays: Played, until: date) -> Iterator[Row]:
    for store in STORES:
        caused: Mapping[date, int] = plays.more.get(store, {})
        for day, streams in daily_streams(plays, store, until=until).items():
            yield source, store, day, streams, caused.get(day, 0)


def _ad_daily(world: Company, until: date) -> Iterator[Row]:
    for campaign in world.campaigns:
        for day, one in world.deliveries[campaign.id].items():
            if day <= until:
                figures = one.spend, one.impressions, one.clicks, one.link_clicks
                yield campaign.id, campaign.artist, day, *figures


def _effect_daily(world: Company, until: date) -> Iterator[Row]:
    for effect in world.effects:
        for store in STORES:
            for day, streams in effect.streams[store].items():
                if day <= until:
                    clicks = effect.clicks[store].get(day, 0)
                    visits = effect.visits.get(day, 0)
                    yield effect.campaign.id, store, day, visits, clicks, streams


def _link_daily(world: Company, until: date) -> Iterator[Row]:
    for day, one in world.links.items():
        if day <= until:
            yield world.page.account, day, one.views, one.clicks


def _link_clicks_daily(world: Company, until: date) -> Iterator[Row]:
    for day, one in world.links.items():
        if day <= until:
            for link, clicks in one.links.items():
                yield world.page.account, day, "link", str(link), clicks
            for name, clicks in one.socials.items():
                yield world.page.account, day, "social", name, clicks


def _social_daily(world: Company, until: date) -> Iterator[Row]:
    for account, days in world.social.items():
        for day, one in days.items():
            if day <= until:
                figures = one.views, one.profile_views, one.likes, one.comments, one.shares
                yield account, day, *figures, one.followers


_LINE_COLUMNS = (
    *("source", "reporting_date", "sale_month", "store_reported", "artist", "isrc"),
    *("country_code", "line_type", "units", "net_usd"),
)
_SOCIAL_COLUMNS = (
    *("account", "day", "views", "profile_views", "likes", "comments", "shares", "followers"),
)
_TABLES: Mapping[str, tuple[tuple[str, ...], Callable[[Company, date], Iterator[Row]]]] = {
    "streams_daily": (("source", "store", "day", "streams", "caused_streams"), _streams_daily),
    "ad_daily": (
        ("campaign_id", "artist", "day", "spend_usd", "impressions", "clicks", "link_clicks"),
        _ad_daily,
    ),
    "effect_daily": (
        ("campaign_id", "store", "day", "visits", "store_clicks", "streams"),
        _effect_daily,
    ),
    "link_daily": (("account", "day", "views", "clicks"), _link_daily),
    "link_clicks_daily": (("account", "day", "kind", "name", "clicks"), _link_clicks_daily),
    "social_daily": (_SOCIAL_COLUMNS, _social_daily),
}
