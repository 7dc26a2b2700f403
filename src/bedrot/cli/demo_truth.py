"""The demo's lake held against what was invented: money, files, and streams by day."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from bedrot.cli.demo_facts import Held
    from bedrot.pipeline.bringing import Imported
    from bedrot.pipeline.comparing import Restatement
    from bedrot.simulate.demo import Inbox
    from bedrot.simulate.flows import FlowTruth
    from bedrot.simulate.label import Truth
    from bedrot.simulate.streams import DailyTruth
    from bedrot.zones.lake import Lake

Subject = Literal["files", "money", "months", "streams", "facts"]

DAILY_TABLES = {
    "Spotify": "stg_distrokid__spotify_daily",
    "Apple Music": "stg_distrokid__apple_daily",
}

_ALL = 100_000
_SUMS = (
    ("lines", "count(*)"),
    ("net USD", "sum(net_usd)"),
    ("sales USD", "sum(case when line_type = 'sale' then net_usd end)"),
    ("deductions USD", "sum(case when line_type = 'deduction' then net_usd end)"),
    ("sale units", "sum(case when line_type = 'sale' then units end)"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One figure of the lake beside that of the truth; `store` is whose it is, where not the label's."""

    subject: Subject
    name: str
    lake: Decimal | date | None
    truth: Decimal | date
    store: str | None = None

    @property
    def is_equal(self) -> bool:
        return self.lake == self.truth

    @property
    def full_name(self) -> str:
        return f"{self.store}: {self.name}" if self.store else self.name


@dataclass(frozen=True, slots=True, kw_only=True)
class StreamsOfDay:
    """The streams of one day at one store, as the lake publishes them."""

    store: str
    stream_date: date
    streams: int
    is_provisional: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """What the demo's lake says of streams: every day, and every restatement, newest first."""

    days: tuple[StreamsOfDay, ...]
    restated: tuple[Restatement, ...]


def published(lake: Lake) -> Published:
    """Read the days and their restatements."""
    from bedrot.pipeline.comparing import restatements
    from bedrot.pipeline.reading import query

    rows = query(
        lake,
        "select store, stream_date, streams, is_provisional from fct_streams_daily "
        "where source = 'distrokid' order by store, stream_date",
    ).to_pylist()
    return Published(
        days=tuple(StreamsOfDay(**row) for row in rows),
        restated=restatements(lake, "fct_streams_daily", limit=_ALL).restatements,
    )


def compare(
    lake: Lake,
    inbox: Inbox,
    imported: Sequence[Imported],
    streams: Published,
    facts: Sequence[Held],
) -> list[Check]:
    """Every figure that must be equal, to the last digit."""
    return [
        *_compare_files(inbox, imported),
        *_compare_money(lake, inbox.world.house.truth),
        *_compare_streams(lake, inbox.daily, streams),
        *(check for fact in facts for check in _compare_fact(fact)),
    ]


def _compare_files(inbox: Inbox, imported: Sequence[Imported]) -> list[Check]:
    expected = {str(file.path): file.outcome for file in inbox.files}
    # What stands in an archive is shown as `archive > member`.
    as_told = sum(one.outcome == expected.get(one.shown.partition(" > ")[0]) for one in imported)
    return [
        Check(
            subject="files",
            name="files as told",
            lake=Decimal(as_told),
            truth=Decimal(len(expected)),
        )
    ]


def _compare_money(lake: Lake, truth: Truth) -> list[Check]:
    from bedrot.pipeline.reading import query

    listed = ", ".join(f'{expression} as "{name}"' for name, expression in _SUMS)
    row = query(
        lake, f"select {listed} from fct_royalty_line where source = 'distrokid'"
    ).to_pylist()[0]
    expected: dict[str, Decimal | int] = {
        "lines": truth.rows,
        "net USD": truth.net,
        "sales USD": truth.sales,
        "deductions USD": truth.deductions,
        "sale units": truth.sale_units,
    }
    months = query(
        lake,
        "select sale_month, sum(net_usd) as net from rpt_revenue_monthly "
        "where source = 'distrokid' group by sale_month",
    ).to_pylist()
    by_month = {month["sale_month"]: month["net"] for month in months}
    return [
        *(
            Check(
                subject="money",
                name=name,
                lake=Decimal(row[name] or 0),
                truth=Decimal(expected[name]),
            )
            for name, _ in _SUMS
        ),
        *(
            Check(
                subject="months",
                name=f"net USD of {month}",
                lake=by_month.get(month, Decimal(0)),
                truth=net,
            )
            for month, net in sorted(truth.by_sale_month.items())
        ),
    ]


def _compare_streams(lake: Lake, truth: DailyTruth, streams: Published) -> list[Check]:
    from bedrot.pipeline.reading import query

    rows = query(
        lake,
        "select store, count(*) as months from rpt_feed_agreement "
        "where day_count = calendar_day_count and abs(difference_ratio) <= 0.03 group by store",
    ).to_pylist()
    agreeing = {row["store"]: row["months"] for row in rows}
    expected = Counter(store for store, _ in truth.agreeing)
    return [
        check
        for one in truth.stores
        for check in (
            *_compare_store(one, streams),
            _count(one, "agreeing months", agreeing.get(one.series, 0), expected[one.series]),
        )
    ]


def _compare_fact(fact: Held) -> list[Check]:
    counted = (
        ("rows", Decimal(fact.rows), Decimal(fact.expected)),
        ("equal rows", Decimal(fact.equal), Decimal(fact.expected)),
        ("sum", fact.total, fact.true_total),
    )
    return [
        Check(
            subject="facts",
            name=f"{name} of {fact.name}",
            lake=lake,
            truth=truth,
            store=fact.source,
        )
        for name, lake, truth in counted
    ]


def _compare_store(truth: FlowTruth[int], streams: Published) -> list[Check]:
    days = [day for day in streams.days if day.store == truth.series]
    restated = sum(told.table == DAILY_TABLES[truth.series] for told in streams.restated)
    as_told = sum(
        (day.streams, day.is_provisional)
        == (truth.days.get(day.stream_date), day.stream_date in truth.provisional)
        for day in days
    )
    provisional = sum(day.is_provisional for day in days)
    return [
        _count(truth, "days", len(days), len(truth.days)),
        _count(truth, "equal days", as_told, len(truth.days)),
        _count(truth, "streams", sum(day.streams for day in days), sum(truth.days.values())),
        Check(
            subject="streams",
            name="last day",
            lake=max((day.stream_date for day in days), default=None),
            truth=truth.last_day,
            store=truth.series,
        ),
        _count(truth, "provisional", provisional, len(truth.provisional)),
        _count(truth, "restated", restated, truth.restated),
    ]


def _count(truth: FlowTruth[int], name: str, found: int, expected: int) -> Check:
    return Check(
        subject="streams",
        name=name,
        lake=Decimal(found),
        truth=Decimal(expected),
        store=truth.series,
    )
