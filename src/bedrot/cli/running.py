"""`bedrot run` and `bedrot rebuild`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from bedrot.cli.options import JsonOption, LakeOption
from bedrot.cli.output import print_json, print_table, progress, say

if TYPE_CHECKING:
    from bedrot.pipeline.running import RunOutcome
    from bedrot.zones.lake import Lake


def run(*, lake: LakeOption = None, as_json: JsonOption = False) -> None:
    """Bring every table up to date, and publish a lake release if any of them changed.

    Readers see the former release until the new one is whole. A run that is
    killed does no harm: the next one completes it. A run that finds nothing
    new writes nothing but its own record.

    Examples:
      bedrot run
      bedrot run --json
    """
    from bedrot.app import clock, open_lake
    from bedrot.pipeline.running import run as run_pipeline

    opened = open_lake(lake)
    with progress() as drawn:
        outcome = run_pipeline(opened, clock=clock, progress=drawn)
    _show(opened, outcome, as_json=as_json)


def rebuild(
    *,
    lake: LakeOption = None,
    catalogue: Annotated[
        bool,
        typer.Option("--catalogue", help="Read the catalogue from the lake's files again, only."),
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Compute every table again from the raw files; nothing that landed is lost.

    Tables whose content is equal get no new version, so a rebuild of a sound
    lake changes nothing.

    Examples:
      bedrot rebuild
      bedrot rebuild --catalogue
    """
    from bedrot.app import clock, open_lake
    from bedrot.pipeline.running import run as run_pipeline

    opened = open_lake(lake)
    if catalogue:
        _rebuild_catalogue(opened, as_json=as_json)
        return
    with progress() as drawn:
        outcome = run_pipeline(opened, clock=clock, progress=drawn, command="rebuild", afresh=True)
    _show(opened, outcome, as_json=as_json)


def _rebuild_catalogue(lake: Lake, *, as_json: bool) -> None:
    from bedrot.app import clock
    from bedrot.catalog import index
    from bedrot.pipeline.indexing import rebuild_catalogue
    from bedrot.pipeline.locking import holding

    with holding(lake, "rebuild --catalogue", clock()):
        rebuild_catalogue(lake)
    found = {
        "captures": len(index.captures(lake.catalog)),
        "decisions": len(index.decisions(lake.catalog)),
        "runs": len(index.runs(lake.catalog)),
        "releases": len(index.releases(lake.catalog)),
        "standings": len(index.standings(lake.catalog)),
    }
    if as_json:
        print_json({"catalogue": found})
        return
    told = ", ".join(f"{count} {name}" for name, count in found.items())
    say(f"the catalogue was read from the lake's files again: {told}")


def _show(lake: Lake, outcome: RunOutcome, *, as_json: bool) -> None:
    record = outcome.record
    if as_json:
        print_json(record.to_dict())
        return
    changed = [change for change in outcome.changes if change.is_changed]
    if changed:
        print_table(
            None,
            ["table", "rows", "version", "partitions written", "rows written", "bytes written"],
            [
                [
                    change.table,
                    change.state.rows,
                    change.state.version,
                    len(change.partitions),
                    change.rows_written,
                    change.bytes_written,
                ]
                for change in changed
            ],
        )
    if record.release is not None:
        say(f"lake release {record.release} is published", style="bold")
    else:
        say(f"nothing changed: {_standing_release(lake)}; only the run's record was written")
    _say_standings(outcome)


def _standing_release(lake: Lake) -> str:
    from bedrot.zones import journal

    latest = journal.latest_release(lake)
    return f"lake release {latest.number} stands" if latest else "there is no lake release yet"


def _say_standings(outcome: RunOutcome) -> None:
    aside = {s["file_id"]: s for s in outcome.record.standings if s["status"] == "set_aside"}
    for standing in aside.values():
        say(f"set aside: {standing['name']}: {standing['reason']}", style="yellow")
    if aside:
        say("next: `bedrot quarantine list`")
    warnings = [s for s in outcome.record.standings if s["status"] == "warning"]
    for standing in warnings:
        say(f"warning: {standing['name']}: {standing['reason']}")
