"""Commands that tell how the lake stands: `status` and `runs`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bedrot.cli.options import JsonOption, LakeOption
from bedrot.cli.output import cell, print_json, print_table, say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bedrot.catalog.records import Release, RunRecord, Standing
    from bedrot.extract.streams import Stream
    from bedrot.zones.lake import Lake


@dataclass(frozen=True, slots=True, kw_only=True)
class _StreamStatus:
    stream: str
    table: str
    newest_date: date | None
    age_days: int | None
    freshness_days: int | None
    rows: int | None
    files: int
    set_aside: int
    warnings: int


def status(*, lake: LakeOption = None, as_json: JsonOption = False) -> None:
    """Tell how far the data reach, what the last run did, and what is set aside.

    The newest date is the newest closing date among the published lines of a
    stream, never the date of a file.

    Examples:
      bedrot status
      bedrot status --json
    """
    from bedrot.app import open_lake
    from bedrot.catalog import index
    from bedrot.pipeline.deciding import standings_now
    from bedrot.pipeline.running import all_streams
    from bedrot.zones import journal

    opened = open_lake(lake)
    release = journal.latest_release(opened)
    runs = index.runs(opened.catalog, limit=1)
    standings = standings_now(opened, everything=True)
    streams = [_stream_status(opened, release, s, standings) for s in all_streams()]
    waiting = _waiting(opened)
    if as_json:
        aside = {s.file_id for s in standings if s.status == "set_aside"}
        print_json(
            {
                "lake": opened.name,
                "release": _release_document(release) if release else None,
                "last_run": _run_document(runs[0]) if runs else None,
                "streams": streams,
                "set_aside": len(aside),
                "warnings": sum(s.status == "warning" for s in standings),
                "waiting_files": waiting,
            }
        )
        return
    _say_heads(opened, release, runs[0] if runs else None)
    print_table(
        None,
        ["stream", "newest date", "days ago", "lines", "files", "set aside", "warnings"],
        [
            [
                s.stream,
                s.newest_date,
                s.age_days,
                s.rows,
                s.files,
                s.set_aside,
                s.warnings,
            ]
            for s in streams
        ],
    )
    _say_steps(streams, waiting)


def _stream_status(
    lake: Lake, release: Release | None, stream: Stream, standings: Sequence[Standing]
) -> _StreamStatus:
    from bedrot.app import clock
    from bedrot.catalog import index

    own = [s for s in standings if (s.source, s.stream) == (stream.source, stream.name)]
    captures = index.captures(lake.catalog, source=stream.source, stream=stream.name)
    newest = _newest_date(lake, release, stream)
    told = release.tables.get(stream.table) if release else None
    return _StreamStatus(
        stream=stream.full_name,
        table=stream.table,
        newest_date=newest,
        age_days=(clock().date() - newest).days if newest else None,
        freshness_days=stream.contract.properties.get("freshnessDays"),
        rows=int(told["rows"]) if told else None,
        files=len({capture.file_id for capture in captures}),
        set_aside=len({s.file_id for s in own if s.status == "set_aside"}),
        warnings=sum(s.status == "warning" for s in own),
    )


def _newest_date(lake: Lake, release: Release | None, stream: Stream) -> date | None:
    """The newest closing date among the published lines."""
    closing = stream.contract.properties.get("closingDate")
    if release is None or closing is None or stream.table not in release.tables:
        return None
    from bedrot.pipeline.reading import query

    text = f'select max("{closing}") as newest from "{stream.table}"'
    found = query(lake, text, str(release.number)).column("newest").to_pylist()[0]
    return found if isinstance(found, date) else None


def _waiting(lake: Lake) -> int:
    """Files that passed the gate since the last run was started."""
    from bedrot.catalog import index
    from bedrot.pipeline.deciding import last_run_at
    from bedrot.zones.raw import is_admitted

    since = last_run_at(lake)
    return len(
        {
            capture.file_id
            for capture in index.captures(lake.catalog)
            if (since is None or capture.landed_at > since) and is_admitted(lake, capture)
        }
    )


def _say_heads(lake: Lake, release: Release | None, run: RunRecord | None) -> None:
    say(f"lake `{lake.name}`")
    if release is None:
        say("lake release: none yet")
    else:
        say(f"lake release: {release.number}, published {cell(release.created_at)}")
    if run is None:
        say("last run: none yet")
    else:
        error = f": {run.error}" if run.error else ""
        say(f"last run: `{run.command}`, {run.outcome}, {cell(run.finished_at)}{error}")
    say()


def _say_steps(streams: Sequence[_StreamStatus], waiting: int) -> None:
    say()
    for s in streams:
        is_stale = None not in {s.age_days, s.freshness_days} and s.age_days > s.freshness_days  # type: ignore[operator]
        if is_stale:
            say(
                f"{s.stream} is stale: it is expected every {s.freshness_days} days", style="yellow"
            )
    if waiting:
        say(f"{waiting} file(s) came in since the last run; next: `bedrot run`")
    if any(s.set_aside for s in streams):
        say("something is set aside; next: `bedrot quarantine list`", style="yellow")
    if any(s.warnings for s in streams):
        say("there are warnings; next: `bedrot quarantine list --all`")


def _release_document(release: Release) -> dict[str, Any]:
    return {
        "number": release.number,
        "created_at": release.created_at,
        "run_id": release.run_id,
        "tables": {name: dict(told) for name, told in release.tables.items()},
    }


def _run_document(run: RunRecord) -> dict[str, Any]:
    return {
        "run_id": run.run_id,
        "command": run.command,
        "outcome": run.outcome,
        "started_at": run.started_at,
        "finished_at": run.finished_at,
        "release": run.release,
        "error": run.error,
        "tables": dict(run.tables),
        "set_aside": sum(s["status"] == "set_aside" for s in run.standings),
        "warnings": sum(s["status"] == "warning" for s in run.standings),
    }


def runs(
    *,
    lake: LakeOption = None,
    limit: Annotated[
        int, typer.Option("--limit", min=1, help="How many of each, newest first.")
    ] = 20,
    as_json: JsonOption = False,
) -> None:
    """List the newest runs and lake releases.

    Examples:
      bedrot runs
      bedrot runs --limit 5 --json
    """
    from bedrot.app import open_lake
    from bedrot.catalog import index
    from bedrot.zones import journal

    opened = open_lake(lake)
    found = index.runs(opened.catalog, limit=limit)
    numbers = list(reversed(journal.release_numbers(opened)))[:limit]
    releases = [journal.read_release(opened, number) for number in numbers]
    if as_json:
        print_json(
            {
                "runs": [_run_document(run) for run in found],
                "releases": [_release_document(release) for release in releases],
            }
        )
        return
    if not found:
        say("nothing was run yet; next: `bedrot import PATH`, then `bedrot run`")
        return
    print_table(
        "runs",
        ["started", "seconds", "command", "outcome", "release", "tables written", "error"],
        [
            [
                run.started_at,
                round((run.finished_at - run.started_at).total_seconds(), 1),
                run.command,
                run.outcome,
                run.release,
                len(run.tables),
                run.error,
            ]
            for run in found
        ],
    )
    if releases:
        say()
        print_table(
            "lake releases",
            ["release", "published", "tables", "rows", "by run"],
            [
                [
                    release.number,
                    release.created_at,
                    len(release.tables),
                    sum(int(told["rows"]) for told in release.tables.values()),
                    release.run_id,
                ]
                for release in releases
            ],
        )
