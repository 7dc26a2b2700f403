"""What `bedrot demo` prints: what came in, what was published, what changed, what to try next."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bedrot.cli.demo_chart import DAYS_SHOWN, LEGEND, chart_of_days, newest_days
from bedrot.cli.demo_truth import DAILY_TABLES
from bedrot.cli.output import print_table, say

if TYPE_CHECKING:
    from bedrot.cli.demo_truth import Check, Published
    from bedrot.pipeline.comparing import Restatement
    from bedrot.pipeline.importing import Imported
    from bedrot.pipeline.running import RunOutcome
    from bedrot.zones.lake import Lake

_CHANGES_SHOWN = 12
_BAR_WIDTH = 40
_CENT = Decimal("0.01")
_EARNINGS = "earnings"
_RESTATED_EARNINGS = "stg_distrokid__earnings_restatements"
_HEADINGS = {"equal days": "equal", "agreeing months": "agree"}
_STORES = {table: store for store, table in DAILY_TABLES.items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoResult:
    """What the demo did, and what its lake publishes."""

    path: Path
    imported: Sequence[Imported]
    outcome: RunOutcome
    compared: Sequence[Check]
    streams: Published


def report(lake: Lake, result: DemoResult) -> None:
    """Tell people everything, in the order in which it happened."""
    _say_files(result.imported)
    _say_findings(result.outcome)
    say()
    say("Revenue by sale month, net USD (the newest months are still incomplete)", style="bold")
    _chart([(c.name[-7:], c.lake) for c in result.compared if c.subject == "months"])
    say()
    _say_days(result.streams)
    say()
    _say_changes(result)
    say()
    _say_truth(result.compared)
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
        "is_equal": all(check.is_equal for check in result.compared),
    }


def _say_files(imported: Sequence[Imported]) -> None:
    pages = [one for one in imported if one.stream and one.stream != _EARNINGS]
    say("What came in", style="bold")
    print_table(
        None,
        ["file", "what", "lines", "net USD", "layout or kind"],
        [
            (
                _file(one),
                one.outcome.replace("_", " "),
                one.rows,
                one.amount,
                one.layout or one.kind or f"{one.source}.{one.stream}",
            )
            for one in imported
            if one not in pages
        ],
    )
    say()
    say("and statistics pages, each with a trailing year of days", style="bold")
    print_table(
        None,
        [
            "pages of",
            "landed",
            "no new day",
            "known",
            "set aside",
            "saved from",
            "to",
            "newest day",
        ],
        [*_pages_by_store(pages)],
    )
    aside = [one for one in imported if one.outcome == "set_aside"]
    say()
    say(f"Set aside: {len(aside)} files, and nothing else is held up by them", style="bold")
    for one in aside:
        say(f"  {_file(one)}: {one.reason}")
        say(f"    next: {one.next_step}")
    for one in imported:
        if one.outcome == "known":
            say(f"Known: {_file(one)}: {one.reason}")


def _pages_by_store(pages: Sequence[Imported]) -> Iterator[tuple[object, ...]]:
    for table, store in _STORES.items():
        own = [one for one in pages if table.endswith(f"__{one.stream}")]
        ends = sorted((one.as_of, one.newest) for one in own if one.as_of and one.newest)
        newest = [day for _, day in ends]
        yield (
            store,
            len(ends),
            sum(day <= max(newest[:place]) for place, day in enumerate(newest) if place),
            sum(one.outcome == "known" for one in own),
            sum(one.outcome == "set_aside" for one in own),
            ends[0][0].date() if ends else None,
            ends[-1][0].date() if ends else None,
            max(newest, default=None),
        )


def _file(one: Imported) -> str:
    """The file below the inbox, with its way through archives."""
    return one.shown.split("inbox", 1)[-1].lstrip("/\\")


def _say_findings(outcome: RunOutcome) -> None:
    """Say each kind of warning once, with the number of files that it was found in."""
    from bedrot.catalog.records import Standing

    found: dict[str, list[Standing]] = {}
    for told in outcome.record.standings:
        standing = Standing.from_dict(told)
        if standing.status == "warning":
            found.setdefault(standing.code, []).append(standing)
    for standings in found.values():
        example = standings[-1].seen.partition(";")[0]
        say(f"Said aloud, in {len(standings)} files: {standings[-1].reason} ({example})")
    changed = next((c.state.rows for c in outcome.changes if c.table == _RESTATED_EARNINGS), 0)
    say(f"Royalty lines restated by a later export: {changed} (see `bedrot diff fct_royalty_line`)")


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
        ["store", "day", "old", "new", "change", "days later", "by"],
        [
            [
                told["store"],
                told["stream_date"],
                told["old"],
                told["new"],
                told["new"] - told["old"],
                told["days_later"],
                told["file"],
            ]
            for told in changes
        ],
    )
    say("Apple Music counts its last days to the end; Spotify raised days that were long settled.")


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
    stores = dict.fromkeys(check.store for check in streams)
    names = list(dict.fromkeys(check.name for check in streams))
    told: list[list[object]] = []
    for store in stores:
        own = [check for check in streams if check.store == store]
        told.append([store, "lake", *(check.lake for check in own), _verdict(own)])
        told.append(["", "truth", *(check.truth for check in own), ""])
    headings = [_HEADINGS.get(name, name) for name in names]
    print_table("Streams by day, lake against truth", ["", "", *headings, ""], told)
    say("equal: days whose streams and mark are as invented")
    say("agree: months within 3 % of the units that were sold (rpt_feed_agreement)")


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
