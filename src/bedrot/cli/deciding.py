"""`bedrot quarantine`: what is set aside, and what people decide about it."""

from __future__ import annotations

import getpass
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bedrot.cli.errors import CommandGroup
from bedrot.cli.options import JsonOption, LakeOption
from bedrot.cli.output import cell, print_json, print_table, quantity, say
from bedrot.cli.stating import AccountOption, AsOfOption, WindowOption, stated_by
from bedrot.errors import UsageError

if TYPE_CHECKING:
    from bedrot.catalog.records import CaptureRecord, Standing
    from bedrot.pipeline.bringing import Stated
    from bedrot.pipeline.deciding import Case, Retried
    from bedrot.zones.lake import Lake

FileArgument = Annotated[
    str,
    typer.Argument(
        metavar="FILE_ID", help="The file's id, or as much of its beginning as is unique."
    ),
]
ReasonOption = Annotated[
    str,
    typer.Option(
        "--reason", metavar="TEXT", help="Why; kept with the decision.", show_default=False
    ),
]

quarantine = typer.Typer(
    cls=CommandGroup,
    no_args_is_help=True,
    help="What is set aside and why, and what people decide about it.",
)


@quarantine.command("list")
def list_standings(
    *,
    lake: LakeOption = None,
    everything: Annotated[
        bool,
        typer.Option("--all", help="Also warnings, and what was accepted or dropped."),
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """List what is set aside: its lines do not count until somebody decides.

    Examples:
      bedrot quarantine list
      bedrot quarantine list --all --json
    """
    from bedrot.app import open_lake
    from bedrot.pipeline.deciding import ACCEPTED, standings_now

    told = standings_now(open_lake(lake), everything=True)
    shown = [s for s in told if everything or s.status == "set_aside"]
    if as_json:
        print_json([standing.to_dict() for standing in shown])
        return
    if shown:
        print_table(
            None,
            ["file", "status", "by", "code", "name", "reason"],
            [[s.file_id, s.status, s.origin, s.code, s.name, s.reason] for s in shown],
        )
        say("next: `bedrot quarantine show FILE`")
    else:
        say("nothing is set aside")
    waiting = {s.file_id for s in told if s.status == ACCEPTED}
    if waiting:
        say(f"{len(waiting)} accepted file(s) count after the next `bedrot run`")


@quarantine.command("show")
def show(file_id: FileArgument, *, lake: LakeOption = None, as_json: JsonOption = False) -> None:
    """Show everything that is known of one file.

    Examples:
      bedrot quarantine show 5f2d
    """
    from bedrot.app import open_lake
    from bedrot.pipeline.deciding import case_of

    case = case_of(open_lake(lake), file_id)
    if as_json:
        print_json(_case_document(case))
    else:
        _say_case(case)


def _case_document(case: Case) -> dict[str, Any]:
    profile = case.profile
    return {
        "file_id": case.file_id,
        "source": case.source,
        "stream": case.stream,
        "captures": [capture.to_dict() for capture in case.captures],
        "standings": [standing.to_dict() for standing in case.standings],
        "decisions": [decision.to_dict() for decision in case.decisions],
        "content": None
        if profile is None
        else {
            "layout": profile.layout,
            "rows": profile.rows,
            "amount": case.measured["amount"],
            "units": case.measured["units"],
            "first_date": profile.first,
            "newest_date": profile.newest,
            "unknown_headers": profile.unknown_headers,
        },
        "first_records": case.first_records,
    }


def _say_case(case: Case) -> None:
    say(f"{case.file_id}: {case.source}.{case.stream}", style="bold")
    for capture in case.captures:
        _say_capture(capture)
    if case.profile is not None:
        profile = case.profile
        told = case.measured
        much = quantity(told["amount"], told["units"], told["unit"])
        say(
            f"content: {profile.layout}; {profile.rows} line(s){much}, "
            f"{cell(profile.first)} to {cell(profile.newest)}"
        )
    if not case.standings:
        say("nothing stands against it")
    for standing in case.standings:
        _say_standing(standing)
    for decision in case.decisions:
        by = f" by {decision.decided_by}" if decision.decided_by else ""
        why = f": {decision.reason}" if decision.reason else ""
        codes = f" ({', '.join(decision.codes)})" if decision.codes else ""
        say(f"decided: {decision.kind}{codes} on {cell(decision.decided_at)}{by}{why}")
    if case.first_records:
        say("first records:")
        for record in case.first_records:
            say(f"  {record}")


def _say_capture(capture: CaptureRecord) -> None:
    container = f" in {capture.container}" if capture.container else ""
    stated = f", stated as of {cell(capture.as_of_stated)}" if capture.as_of_stated else ""
    say(
        f"seen as {capture.name}{container}, account `{capture.account_id}`, {capture.size_bytes} "
        f"bytes, landed {cell(capture.landed_at)}{stated}"
    )


def _say_standing(standing: Standing) -> None:
    say(f"{standing.status} ({standing.origin}, {standing.code}): {standing.reason}")
    if standing.seen:
        say(f"  seen: {standing.seen}")
    if standing.next_step:
        say(f"  next: {standing.next_step}")


@quarantine.command("accept")
def accept(
    file_id: FileArgument,
    *,
    lake: LakeOption = None,
    withdraw: Annotated[
        bool,
        typer.Option(
            "--withdraw",
            help="The platform withdrew the lines that the file lacks: they go. Without it "
            "they stay.",
        ),
    ] = False,
    account: AccountOption = None,
    as_of: AsOfOption = None,
    window: WindowOption = None,
    reason: ReasonOption = "",
    as_json: JsonOption = False,
) -> None:
    """Let a file count despite what stands against it now.

    The decision is recorded for ever and is part of the lake's input. What
    cannot be read at all cannot be accepted. Where a file only lacks its
    account, its window or its time, stating that is enough.

    Examples:
      bedrot quarantine accept 5f2d --reason "checked against the statement"
      bedrot quarantine accept 5f2d --withdraw
      bedrot quarantine accept 5f2d --account second --window 2026-02-25..2026-03-24
    """
    from bedrot.app import clock, open_lake
    from bedrot.pipeline import deciding

    opened = open_lake(lake)
    if account or as_of or window:
        if withdraw:
            msg = "a statement and --withdraw are two decisions"
            raise UsageError(msg, next_step="state what the file lacks first")
        stated = stated_by(opened, clock(), account=account, as_of=as_of, window=window)
        _accept_as_stated(opened, file_id, stated, reason=reason, as_json=as_json)
        return
    decision = deciding.accept(
        opened, file_id, clock=clock, withdraw=withdraw, reason=reason, decided_by=_who()
    )
    # A file that the gate had set aside has been read only now, and may break a rule besides.
    left = [s for s in deciding.standings_now(opened) if s.file_id == decision.file_id]
    if as_json:
        print_json({**decision.to_dict(), "still_set_aside": [s.to_dict() for s in left]})
        return
    say(f"accepted {decision.file_id} despite: {', '.join(decision.codes)}")
    if withdraw:
        say("the lines that it lacks are withdrawn")
    _say_left(left)


def _accept_as_stated(
    lake: Lake, file_id: str, stated: Stated, *, reason: str, as_json: bool
) -> None:
    from bedrot.app import clock
    from bedrot.pipeline.deciding import standings_now
    from bedrot.pipeline.stating import state

    record = state(lake, file_id, stated, clock=clock, reason=reason, decided_by=_who())
    left = [s for s in standings_now(lake) if s.file_id == record.file_id]
    if as_json:
        told = {"file_id": record.file_id, "capture": record.to_dict()}
        print_json({**told, "still_set_aside": [s.to_dict() for s in left]})
        return
    say(f"read as stated: {record.name} is {record.file_id} of account `{record.account_id}`")
    _say_left(left)


def _say_left(left: Sequence[Standing]) -> None:
    for standing in left:
        say(f"still set aside ({standing.code}): {standing.reason}", style="yellow")
        say(f"  next: {standing.next_step}")
    if not left:
        say("next: `bedrot run` counts it")


@quarantine.command("retry")
def retry(
    file_id: Annotated[
        str | None,
        typer.Argument(
            metavar="FILE_ID",
            help="The file's id, or as much of its beginning as is unique.",
            show_default=False,
        ),
    ] = None,
    *,
    lake: LakeOption = None,
    everything: Annotated[
        bool, typer.Option("--all", help="Judge everything that is set aside.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Judge again what the gate set aside, after a fix or with a new version.

    What was found by comparing files is judged anew by every run.

    Examples:
      bedrot quarantine retry 5f2d
      bedrot quarantine retry --all
    """
    from bedrot.app import clock, open_lake
    from bedrot.pipeline import deciding

    if (file_id is None) != everything:
        msg = "`retry` wants a FILE_ID or --all"
        raise UsageError(msg, next_step="`bedrot quarantine list` lists the ids")
    done = deciding.retry(open_lake(lake), file_id, clock=clock, decided_by=_who())
    if as_json:
        print_json(
            [
                {
                    "file_id": r.standing.file_id,
                    "name": r.standing.name,
                    "code": r.standing.code,
                    "outcome": r.outcome,
                    "reason": r.reason,
                    "is_changed": r.is_changed,
                }
                for r in done
            ]
        )
        return
    if not done:
        say("nothing is set aside")
    for retried in done:
        _say_retried(retried)
    if any(retried.outcome == "passes" for retried in done):
        say("next: `bedrot run` counts what passes")


def _say_retried(retried: Retried) -> None:
    name = f"{retried.standing.file_id} ({retried.standing.name})"
    if retried.outcome == "passes":
        say(f"{name}: passes the gate now")
    elif retried.outcome == "next_run":
        say(f"{name}: every run judges it anew; now it says: {retried.reason}")
    else:
        changed = "set aside for another reason" if retried.is_changed else "still set aside"
        say(f"{name}: {changed}: {retried.reason}")


@quarantine.command("drop")
def drop(
    file_id: FileArgument,
    *,
    lake: LakeOption = None,
    reason: ReasonOption = "",
    as_json: JsonOption = False,
) -> None:
    """Decide that a file never counts; its bytes stay in the lake.

    A later `bedrot quarantine accept` undoes it.

    Examples:
      bedrot quarantine drop 5f2d --reason "another label's file"
    """
    from bedrot.app import clock, open_lake
    from bedrot.pipeline import deciding

    decision = deciding.drop(
        open_lake(lake), file_id, clock=clock, reason=reason, decided_by=_who()
    )
    if as_json:
        print_json(decision.to_dict())
        return
    say(f"dropped {decision.file_id}: it does not count from the next `bedrot run` on")
    say(f"`bedrot quarantine accept {decision.file_id}` undoes it")


def _who() -> str:
    """The name of the person at the keyboard, as the operating system knows it."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return ""
