"""What insights give each table: figures by level and nature, and actions by nature."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from bedrot.extract.parsed import Parse, Parsed
from bedrot.extract.streams import Note, Recognition, Stream
from bedrot.sources.metaads import documents, export
from bedrot.sources.metaads.actions import COSTS, COUNTS, VALUES, Action, actions_of
from bedrot.sources.metaads.fields import Row
from bedrot.sources.metaads.insights import COUNTS as WHOLE_FIGURES
from bedrot.sources.metaads.insights import EXACT, RATIOS, Insights, read_insights

# A level and those above it, whose ids and names its rows carry too.
PARENTS = {
    "campaign": ("campaign",),
    "adset": ("campaign", "adset"),
    "ad": ("campaign", "adset", "ad"),
}
_RENAMED = {"ctr": "ctr_pct", "unique_ctr": "unique_ctr_pct"}


def recognise_insights(path: Path, stream: Stream) -> Recognition | None:
    """Insights as JSON or as an export of Ads Manager, whole or cut, by keys or headers."""
    if documents.kind_of_json(path) == documents.INSIGHTS:
        return Recognition(stream=stream.name, sign="Meta's insights as JSON")
    if export.is_export(path):
        return Recognition(stream=stream.name, sign="header of an Ads Manager export")
    return None


def figures(level: str, nature: str) -> Parse:
    """A reader of the figures of one level and nature; other files give it no rows."""

    def parse(path: Path, waived: frozenset[str]) -> Parsed:
        insights = read_insights(path, waived)
        if insights is None or (insights.level, insights.nature) != (level, nature):
            return _nothing(insights)
        return Parsed(
            layout=insights.layout,
            columns=_figure_columns(insights),
            places=[row.place for row in insights.rows],
            records=[row.record for row in insights.rows],
            head=_head(insights),
            notes=insights.notes,
        )

    return parse


def actions(nature: str) -> Parse:
    """A reader of the actions of all levels in one nature; other files give it no rows."""

    def parse(path: Path, waived: frozenset[str]) -> Parsed:
        insights = read_insights(path, waived)
        if insights is None:
            return _nothing(None)
        found, notes = actions_of(insights.rows)
        if insights.nature != nature:
            return _nothing(insights)
        return Parsed(
            layout=insights.layout,
            columns=_action_columns(insights, found),
            places=[action.entry.place for action in found],
            records=[action.entry.record for action in found],
            head=_head(insights),
            notes=tuple(notes),
        )

    return parse


def _nothing(insights: Insights | None) -> Parsed:
    notes: tuple[Note, ...] = ()
    layout = "insights without rows" if insights is None else insights.layout
    head = "" if insights is None else _head(insights)
    return Parsed(layout=layout, columns={}, places=(), records=(), head=head, notes=notes)


def _head(insights: Insights) -> str:
    return (
        f"Meta Ads, {insights.layout}, {insights.first}..{insights.newest}, "
        f"{len(insights.rows)} rows"
    )


def _figure_columns(insights: Insights) -> dict[str, Sequence[str | None]]:
    rows, level = insights.rows, insights.level
    columns: dict[str, Sequence[str | None]] = _shared_columns(rows)
    for name in PARENTS[level]:
        columns[f"{name}_id"] = [row.identifier(f"{name}_id") for row in rows]
        columns[f"{name}_name"] = [row.text(f"{name}_name") for row in rows]
    for name in EXACT:
        columns[f"{level}_{name}"] = [row.decimal(name) for row in rows]
    for name in WHOLE_FIGURES:
        columns[f"{level}_{name}"] = [row.integer(name) for row in rows]
    for name in RATIOS:
        columns[f"{level}_{_RENAMED.get(name, name)}"] = [row.ratio(name) for row in rows]
    return columns


def _action_columns(insights: Insights, found: Sequence[Action]) -> dict[str, Sequence[str | None]]:
    rows = [action.row for action in found]
    columns: dict[str, Sequence[str | None]] = _shared_columns(rows)
    columns["level"] = [insights.level] * len(found)
    columns["entity_id"] = [insights.entity_id(row) for row in rows]
    for name in PARENTS["ad"]:
        columns[f"{name}_id"] = [row.identifier(f"{name}_id") for row in rows]
    columns["action_type"] = [action.action_type for action in found]
    columns["attribution_window"] = [action.window for action in found]
    columns["action_count"] = [action.figures.get(COUNTS) for action in found]
    columns["action_value"] = [action.figures.get(VALUES) for action in found]
    columns["cost_per_action"] = [action.figures.get(COSTS) for action in found]
    return columns


def _shared_columns(rows: Sequence[Row]) -> dict[str, Sequence[str | None]]:
    """What every table of insights has; a table takes of it what its contract names."""
    return {
        "ad_account_id": [row.identifier("account_id") for row in rows],
        "insight_date": [row.text("date_start") for row in rows],
        "period_start": [row.text("date_start") for row in rows],
        "period_stop": [row.text("date_stop") for row in rows],
        "currency_code": [row.text("account_currency") for row in rows],
    }
