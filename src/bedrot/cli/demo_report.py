"""What `bedrot demo` prints: what came in, what was published, what changed, what to try next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bedrot.cli.demo_chart import DAYS_SHOWN, LEGEND, chart_of_days, newest_days
from bedrot.cli.demo_files import say_files, say_findings
from bedrot.cli.demo_join import Week, say_join, weeks_of
from bedrot.cli.demo_truth import DAILY_TABLES
from bedrot.cli.output import print_table, say

if TYPE_CHECKING:
    from bedrot.cli.demo_facts import Held
    from bedrot.cli.demo_join import Joined
    from bedrot.cli.demo_truth import Check, Published
    from bedrot.pipeline.bringing import Imported
    from bedrot.pipeline.comparing import Restatement
    from bedrot.pipeline.running import RunOutcome
    from bedrot.zones.lake import Lake

_CHANGES_SHOWN = 12
_BAR_WIDTH = 40
_CENT = Decimal("0.01")
_STORES = {table: store for store, table in DAILY_TABLES.items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoResult:
    """What the demo did, and what its lake publishes."""

    path: Path
    imported: Sequence[Imported]
    outcome: RunOutcome
    compared: Sequence[Check]
    streams: Published
    facts: Sequence[Held]
    joined: Joined
    caused: int
    """Streams that the shown campaign truly caused."""


def report(lake: Lake, result: DemoResult) -> None:
    """Tell people everything, in the order in which it happened."""
    say_files(result.imported, _STORES)
    say_findings(result.outcome)
    say()
    say("Revenue by sale month, net USD (the newest months are still incomplete)", style="bold")
    _chart([(c.name[-7:], c.lake) for c in result.compared if c.subject == "months"])
    say()
    say_join(result.joined, result.caused)
    say()
    _say_days(result.streams)
    say()
    _say_changes(result)
    say()
    _say_truth(result.compared)
    say()
    _say_facts(result.facts)
    say()
    _say_next(lake, result.path)


def document(result: DemoResult) -> dict[str, Any]:
    """The same for scripts."""
    return {
        "lake": str(result.path),
        "imported": list(result.imported),
        "release": result.outcome.record.release,
        "checks": [
            {"name": c.full_name, "lake": c.lake, "truth": c.truth, "is_equal": c.is_equal}
            for c in result.compared
        ],
        "newest_days": [
            day for days in newest_days(result.streams.days).values() for day in days.values()
        ],
        "what_changed": [_change(told) for told in result.streams.restated],
        "weeks": [{"week_of": week.first, **_figures(week)} for week in weeks_of(result.joined)],
        "is_equal": all(check.is_equal for check in result.compared),
    }


def _chart(months: Sequence[tuple[str, Decimal | date | None]]) -> None:
    amounts = [(month, amount) for month, amount in months if isinstance(amount, Decimal)]
    highest = max((amount for _, amount in amounts), default=Decimal(0))
    for month, amount in amounts:
        width = int(amount / highest * _BAR_WIDTH) if highest > 0 else 0
        say(f"  {month}  {'█' * width or '▏':<{_BAR_WIDTH}}  {amount.quantize(_CENT):>10f}")


def _say_days(streams: Published) -> None:
    say(f"Streams by day, the newest {DAYS_SHOWN}; each store has a scale of its own", style="bold")
    for line in chart_of_days(streams.days):
        say(f"  {line}")
    say(f"  {LEGEND}")


def _say_changes(result: DemoResult) -> None:
    changes = [_change(told) for told in result.streams.restated[:_CHANGES_SHOWN]]
    total = len(result.streams.restated)
    say(f"What changed: the newest {len(changes)} of {total} restated days", style="bold")
    if not changes:
        return
    print_table(
        None,
        ["store", "day", "old", "new", "change", "by the page of"],
        [
            [
                told["store"],
                told["stream_date"],
                told["old"],
                told["new"],
                told["new"] - told["old"],
                f"{told['as_of']:%Y-%m-%d %H:%M}" if told["as_of"] else None,
            ]
            for told in changes
        ],
    )
    say("Apple Music counts its last days to the end; Spotify raised days long settled.")


def _change(told: Restatement) -> dict[str, Any]:
    """A restatement of one day; `days_later` is how long after the day the file was saved."""
    day: date = told.key["stream_date"]
    return {
        "store": _STORES[told.table],
        "stream_date": day,
        "old": told.old["streams"],
        "new": told.new["streams"],
        "as_of": told.as_of,
        "days_later": (told.as_of.date() - day).days if told.as_of else None,
        "file": ", ".join(name.rpartition("/")[2] for name in told.captures),
        "file_id": told.file_id,
    }


def _say_truth(compared: Sequence[Check]) -> None:
    rows = [
        (c.name, c.lake, c.truth, _verdict([c]))
        for c in compared
        if c.subject in {"files", "money"}
    ]
    print_table("Lake against truth, to the last digit", ["", "lake", "truth", ""], rows)
    months = [check for check in compared if check.subject == "months"]
    equal = sum(check.is_equal for check in months)
    say(f"and {equal} of {len(months)} sale months are equal")
    say()
    streams = [check for check in compared if check.subject == "streams"]
    stores = [*dict.fromkeys(check.store for check in streams)]
    told: list[list[object]] = []
    for name in dict.fromkeys(check.name for check in streams):
        own = [check for check in streams if check.name == name]
        pairs = [value for check in own for value in (check.lake, check.truth)]
        told.append([name, *pairs, _verdict(own)])
    headings = [heading for store in stores for heading in (store or "", "truth")]
    print_table("DistroKid's streams by day, lake against truth", ["", *headings, ""], told)
    say("equal days: their streams and mark are as invented")
    say("agreeing months: within 3 % of the units that were sold (rpt_feed_agreement)")


def _say_facts(facts: Sequence[Held]) -> None:
    print_table(
        "Every fact of the other sources, row by row",
        ["fact", "rows", "equal", "lake", "truth", ""],
        [
            (
                f"{fact.source}: {fact.name}",
                fact.rows,
                fact.equal,
                fact.total,
                fact.true_total,
                "equal" if fact.is_equal else "DIFFERS",
            )
            for fact in facts
        ],
    )


def _figures(week: Week) -> dict[str, Any]:
    return {
        "days_with_ads": sum(week.days_on),
        "spend_usd": week.spend,
        "ad_clicks": week.ad_clicks,
        "page_clicks": week.page_clicks,
        "streams": week.streams,
        "stream_days": week.stream_days,
    }


def _verdict(checks: Sequence[Check]) -> str:
    return "equal" if all(check.is_equal for check in checks) else "DIFFERS"


def _say_next(lake: Lake, path: Path) -> None:
    here = " (in this checkout: `uv run bedrot`, or `.venv/bin/bedrot`)"
    say("Try next" + (here if Path(".venv/bin/bedrot").exists() else ""), style="bold")
    where = "" if path == Path("lake") else f" --lake {path}"
    for command in (
        "status",
        "quarantine list",
        'sql "select store, sum(net_usd) as net_usd from fct_royalty_line group by store"',
        'sql "select * from rpt_feed_agreement order by store, sale_month"',
        'sql "select * from fct_ad_daily order by insight_date"',
        "diff fct_royalty_line",
        "diff fct_streams_daily",
        f'explain rpt_revenue_monthly --where "{_some_cell(lake)}"',
        "lineage rpt_revenue_monthly.net_usd",
        "verify",
    ):
        say(f"  bedrot {command}{where}")


def _some_cell(lake: Lake) -> str:
    """A condition that picks a report cell worth explaining: one with a deduction."""
    from bedrot.pipeline.reading import query

    rows = query(
        lake,
        "select recording_key, country_code, sale_month from rpt_revenue_monthly "
        "where deducted_units > 0 and country_code is not null and isrc is not null "
        "order by net_usd desc, recording_key, country_code, sale_month limit 1",
    ).to_pylist()
    if not rows:
        return "sale_month = '2025-01'"
    row = rows[0]
    return (
        f"isrc = '{row['recording_key']}' and country_code = '{row['country_code']}' "
        f"and sale_month = '{row['sale_month']}' and store = 'Spotify'"
    )
