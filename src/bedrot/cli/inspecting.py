"""Commands that tell how the lake stands: `status` and `runs`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bedrot.cli.options import JsonOption, LakeOption
from bedrot.cli.output import cell, print_json, print_table, say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bedrot.catalog.records import CaptureRecord, Release, RunRecord, Standing
    from bedrot.extract.streams import Stream
    from bedrot.zones.lake import Lake


CURRENT = "current"
STALE = "stale"
STALLED = "stalled"


@dataclass(frozen=True, slots=True, kw_only=True)
class _StreamStatus:
    """How far a stream reaches.

    `state` is `stale` where our last capture is older than the stream's freshness allows, and
    `stalled` where the last capture is not, or was not, followed by the platform's figures: its
    newest day lay further back than usual when it was captured. A stream can be both.
    """

    stream: str
    table: str
    newest_date: date | None
    age_days: int | None
    last_capture: datetime | None
    capture_age_days: int | None
    lag_days: int | None
    usual_lag_days: int | None
    freshness_days: int | None
    provisional: int | None
    state: tuple[str, ...]
    rows: int | None
    files: int
    set_aside: int
    warnings: int


def status(*, lake: LakeOption = None, as_json: JsonOption = False) -> None:
    """Tell how far the data reach, what the last run did, what is set aside and which names are unknown.

    The newest date is the newest day that the published lines of a stream are
    about, never the date of a file. A stream is stale when nobody captured it for
    too long, and stalled when the platform itself lagged at the last capture.

    Examples:
      bedrot status
      bedrot status --json
    """
    from bedrot.app import open_lake
    from bedrot.catalog import index
    from bedrot.cli.accounts import say_unknown_names, unknown_names
    from bedrot.pipeline.deciding import standings_now
    from bedrot.pipeline.running import all_streams
    from bedrot.zones import journal

    opened = open_lake(lake)
    release = journal.latest_release(opened)
    runs = index.runs(opened.catalog, limit=1)
    standings = standings_now(opened, everything=True)
    streams = [_stream_status(opened, release, s, standings) for s in all_streams()]
    waiting = _waiting(opened)
    names = unknown_names(opened, release)
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
                **names,
            }
        )
        return
    _say_heads(opened, release, runs[0] if runs else None)
    print_table(
        None,
        [
            "stream",
            "newest date",
            "days ago",
            "last capture",
            "lag",
            "provisional",
            "state",
            "lines",
            "files",
            "set aside",
            "warnings",
        ],
        [
            [
                s.stream,
                s.newest_date,
                s.age_days,
                s.last_capture.date() if s.last_capture else None,
                s.lag_days,
                s.provisional,
                ", ".join(s.state),
                s.rows,
                s.files,
                s.set_aside,
                s.warnings,
            ]
            for s in streams
        ],
    )
    _say_steps(streams, waiting)
    say_unknown_names(opened, names)


def _stream_status(
    lake: Lake, release: Release | None, stream: Stream, standings: Sequence[Standing]
) -> _StreamStatus:
    from bedrot.app import clock
    from bedrot.catalog import index

    own = [
        s
        for s in standings
        if s.source == stream.source and s.stream in {stream.name, stream.captured_as}
    ]
    captures = index.captures(lake.catalog, source=stream.source, stream=stream.captured_as)
    aside = {s.file_id for s in own if s.status in {"set_aside", "dropped"}}
    newest, provisional = _newest_date(lake, release, stream)
    last = _last_capture(lake, stream, [c for c in captures if c.file_id not in aside])
    told = release.tables.get(stream.table) if release else None
    usual = stream.contract.properties.get("lagDays")
    freshness = stream.contract.properties.get("freshnessDays")
    lag = (last.astimezone(UTC).date() - newest).days if last and newest else None
    today = clock().date()
    age = (today - newest).days if newest else None
    capture_age = (today - last.astimezone(UTC).date()).days if last else None
    return _StreamStatus(
        stream=stream.full_name,
        table=stream.table,
        newest_date=newest,
        age_days=age,
        last_capture=last,
        capture_age_days=capture_age,
        lag_days=lag,
        usual_lag_days=usual,
        freshness_days=freshness,
        provisional=provisional,
        state=_state(
            is_stale=_is_more(capture_age, freshness), is_stalled=_is_more(lag, usual), last=last
        ),
        rows=int(told["rows"]) if told else None,
        files=len({capture.file_id for capture in captures}),
        set_aside=len({s.file_id for s in own if s.status == "set_aside"}),
        warnings=sum(s.status == "warning" for s in own),
    )


def _is_more(days: int | None, allowed: int | None) -> bool:
    return days is not None and allowed is not None and days > allowed


def _state(*, is_stale: bool, is_stalled: bool, last: datetime | None) -> tuple[str, ...]:
    told = tuple(word for word, holds in ((STALE, is_stale), (STALLED, is_stalled)) if holds)
    return told or ((CURRENT,) if last else ())


def _newest_date(
    lake: Lake, release: Release | None, stream: Stream
) -> tuple[date | None, int | None]:
    """The newest day among the published lines, and how many lines are provisional."""
    from bedrot.contracts.model import PROVISIONAL
    from bedrot.pipeline.reading import query

    period = stream.contract.period
    if release is None or period is None or stream.table not in release.tables:
        return None, None
    has_provisional = PROVISIONAL in {column.name for column in stream.contract.columns}
    counted = f"count(*) filter ({PROVISIONAL})" if has_provisional else "null"
    text = f'select max("{period}") as newest, {counted} as provisional from "{stream.table}"'
    row = query(lake, text, str(release.number)).to_pylist()[0]
    return row["newest"], row["provisional"]


def _last_capture(lake: Lake, stream: Stream, captures: Sequence[CaptureRecord]) -> datetime | None:
    """When the newest capture was true."""
    from bedrot.pipeline.timeline import sight
    from bedrot.zones.parts import read_profile

    moments = []
    for capture in captures:
        profile = read_profile(lake, stream.table, stream.definition_id, capture.file_id)
        moment = sight(lake, capture, profile).as_of if profile else None
        if moment is not None:
            moments.append(moment)
    return max(moments, default=None)


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
        if STALE in s.state:
            say(
                f"{s.stream} is stale: the last capture is {s.capture_age_days} days old, one is "
                f"expected every {s.freshness_days}",
                style="yellow",
            )
        if STALLED in s.state:
            say(
                f"{s.stream} stalled on the platform: at the last capture its newest day lay "
                f"{s.lag_days} days back, usually {s.usual_lag_days}",
                style="yellow",
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
