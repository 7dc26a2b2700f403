"""`bedrot import`: bringing files into the lake."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bedrot.cli.options import JsonOption, LakeOption
from bedrot.cli.output import cell, jsonable, print_json, progress, quantity, say
from bedrot.cli.stating import AccountOption, AsOfOption, WindowOption, stated_by
from bedrot.errors import UsageError

if TYPE_CHECKING:
    from bedrot.observe.progress import Progress
    from bedrot.pipeline.bringing import Imported
    from bedrot.zones.lake import Lake

NOT_ALL_TAKEN = 3
"""Exit code of an import that left files out of the figures."""

_WORDS = {
    "landed": "landed",
    "known": "known",
    "set_aside": "set aside",
    "refused": "refused",
}
_STYLES = {"landed": "green", "known": "cyan", "set_aside": "yellow", "refused": "red"}


def import_files(
    paths: Annotated[
        list[Path],
        typer.Argument(metavar="PATH...", help="Files, folders, zips, and zips of zips."),
    ],
    *,
    lake: LakeOption = None,
    account: AccountOption = None,
    as_of: AsOfOption = None,
    window: WindowOption = None,
    source: Annotated[
        str | None,
        typer.Option(
            "--source",
            metavar="NAME",
            help="Look for files of one source only, such as distrokid, or of one of its "
            "streams, such as distrokid.earnings.",
            show_default=False,
        ),
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would happen, and write nothing.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Bring files into the lake; they are known by their content, not by their names.

    Each file ends as one of four: landed (it is in the lake), known (it was
    there before), set aside (it is ours and fails: see `bedrot quarantine`),
    or refused (it is not ours, and stays where it is). The lake is made if it
    is missing. What landed counts after the next `bedrot run`.

    Examples:
      bedrot import ~/Downloads/DistroKid_1748312345.tsv
      bedrot import exports/ --account second --as-of 2025-05-27
      bedrot import exports.zip --dry-run

    Exit code 3 tells that a file was set aside or refused; the others are in.
    """
    from bedrot.app import clock
    from bedrot.pipeline.importing import import_paths

    _refuse_paths(paths, lake)
    with _lake(lake, dry_run=dry_run) as place:
        stated = stated_by(place.lake, clock(), account=account, as_of=as_of, window=window)
        if not as_json:
            _say_where(place, account)
        with progress() as drawn:
            teller = _Teller(drawn, _count(paths), place, is_quiet=as_json)
            for done in import_paths(
                place.lake,
                paths,
                stated=replace(stated, source=source),
                now=clock,
                dry_run=dry_run,
                before=teller.before,
            ):
                teller.after(done)
        if as_json:
            print_json(_document(place, account, teller))
        else:
            _say_summary(teller.done, dry_run=dry_run)
    if any(done.outcome in {"set_aside", "refused"} for done in teller.done):
        raise typer.Exit(NOT_ALL_TAKEN)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    """The lake that is imported into, and how people know it."""

    lake: Lake
    name: str
    is_made: bool
    is_dry: bool

    @property
    def default_account(self) -> str:
        return self.lake.config.default_account


def _refuse_paths(paths: Sequence[Path], lake: Path | None) -> None:
    from bedrot.app import lake_path

    own = lake_path(lake).resolve()
    for path in paths:
        if not path.exists():
            msg = f"`{path}` does not exist"
            raise UsageError(msg, next_step="check the path; nothing was imported")
        full = path.resolve()
        if full.is_relative_to(own) or (own.exists() and own.is_relative_to(full)):
            msg = f"the lake itself lies at `{own}`, in what would be imported"
            raise UsageError(msg, next_step="name files or folders outside the lake")


@contextmanager
def _lake(lake: Path | None, *, dry_run: bool) -> Iterator[_Place]:
    """The lake; a dry run where there is none asks an empty one that is gone afterwards."""
    from tempfile import TemporaryDirectory

    from bedrot.app import create_lake, is_lake, lake_path

    path = lake_path(lake)
    if not dry_run or is_lake(path):
        opened, is_made = create_lake(path)
        yield _Place(lake=opened, name=opened.name, is_made=is_made, is_dry=dry_run)
        return
    with TemporaryDirectory(prefix="bedrot-", ignore_cleanup_errors=True) as folder:
        opened, _ = create_lake(Path(folder))
        try:
            yield _Place(lake=opened, name=str(path), is_made=True, is_dry=True)
        finally:
            opened.catalog.dispose()


def _say_where(place: _Place, account: str | None) -> None:
    from bedrot.sources import all_sources

    if place.is_made and place.is_dry:
        say(f"there is no lake at `{place.name}`; this import would make it")
    elif place.is_made:
        say(f"made the lake `{place.name}`")
    else:
        say(f"lake `{place.name}`")
    if account is None:
        say(f"account `{place.default_account}`, the lake's default; --account names another")
        return
    named = place.lake.config.account(account)
    for source in () if named.is_named else all_sources():
        told = place.lake.config.account(account, source.name)
        if told.is_named:
            say(f"account `{account}`, as stated: for {source.title} it is `{told.account_id}`")
            return
    if named.account_id != account:
        say(f"account `{account}`, as stated: it is `{named.account_id}`")
    elif named.is_named:
        say(f"account `{account}`, as stated")
    else:
        say(f"account `{account}`, as stated; aliases.toml does not name it: its times are UTC")


class _Teller:
    """Says of each file what it was recognised as, and then what became of it."""

    def __init__(self, drawn: Progress, total: int, place: _Place, *, is_quiet: bool) -> None:
        self.done: list[Imported] = []
        self.recognised: list[str] = []
        self._drawn = drawn
        self._total = total
        self._is_dry = place.is_dry
        self._is_quiet = is_quiet

    def before(self, shown: str, what: str) -> None:
        number = len(self.done)
        # What an archive holds is only known once it is opened.
        self._drawn.step(Path(shown).name, number, max(self._total, number + 1))
        self.recognised.append(what)
        if not self._is_quiet:
            say(f"{shown}: {what}")

    def after(self, done: Imported) -> None:
        self.done.append(done)
        if not self._is_quiet:
            _say_outcome(done, self.done[:-1], dry_run=self._is_dry)


def _count(paths: Sequence[Path]) -> int:
    return sum(
        sum(len(names) for _, _, names in os.walk(path)) if path.is_dir() else 1 for path in paths
    )


def _say_outcome(done: Imported, before: Sequence[Imported], *, dry_run: bool) -> None:
    word = _WORDS[done.outcome]
    told = [done.reason] if done.reason else []
    # What a visit holds is told with the first of its responses.
    is_told = not done.rows and any(one.file_id == done.file_id for one in before)
    if done.outcome == "landed" and not is_told:
        told = [_content(done)] if done.reason == "new" else [done.reason, _content(done)]
    would = "would be " if dry_run else ""
    name = f" as {done.file_id}" if done.outcome in {"landed", "set_aside"} else ""
    say(f"  {would}{word}{name}: {'; '.join(told)}", style=_STYLES[done.outcome])
    if done.outcome == "refused" and done.sha256:
        say(f"  sha256: {done.sha256}")
    if done.seen:
        say(f"  seen: {done.seen}")
    for warning in done.warnings:
        say(f"  note: {warning}")
    if done.next_step:
        say(f"  next: {done.next_step}")


def _content(done: Imported) -> str:
    """What a payload holds: `120 lines, net 12.5 USD, 2024-08-02 to 2025-04-30`."""
    if done.rows is None:
        return "not read"
    told = f"{done.rows} line(s){quantity(done.amount, done.units, done.unit)}"
    if done.told_by != f"{done.source}.{done.stream}" and done.told_by:
        told += f" of {done.told_by}"
    if done.first is not None:
        told += f", {done.first.isoformat()} to {cell(done.newest)}"
    if done.as_of is not None:
        told += f", as of {cell(done.as_of)} ({done.as_of_from})"
    return told


def _summary(done: Sequence[Imported]) -> dict[str, dict[str, Any]]:
    """By outcome: how many files, and what they hold. Overlapping files hold lines twice."""
    told: dict[str, dict[str, Any]] = {}
    for outcome in _WORDS:
        of_outcome = [file for file in done if file.outcome == outcome]
        told[outcome] = {
            "files": len(of_outcome),
            "rows": sum(file.rows or 0 for file in of_outcome),
            "amount": sum((file.amount or Decimal(0) for file in of_outcome), Decimal(0)),
        }
    return told


def _say_summary(done: Sequence[Imported], *, dry_run: bool) -> None:
    if not done:
        say("there was no file")
        return
    parts = []
    for outcome, told in _summary(done).items():
        if not told["files"]:
            continue
        part = f"{told['files']} {_WORDS[outcome]}"
        of_outcome = [file for file in done if file.outcome == outcome]
        units = sorted({file.unit for file in of_outcome if file.amount is not None} - {""})
        if told["rows"]:
            net = f", net {cell(told['amount'])} {'/'.join(units)}".rstrip() if units else ""
            part += f" ({told['rows']} line(s){net})"
        parts.append(part)
    say(f"{len(done)} file(s): {', '.join(parts)}", style="bold")
    outcomes = {file.outcome for file in done}
    if dry_run:
        say("nothing was written (--dry-run)")
    elif "landed" in outcomes:
        say("next: `bedrot run` counts what landed")
    elif "set_aside" in outcomes:
        say("next: `bedrot quarantine list`")


def _document(place: _Place, account: str | None, teller: _Teller) -> dict[str, Any]:
    files = [
        {"file": done.shown, "recognised_as": what, **_without_shown(done)}
        for what, done in zip(teller.recognised, teller.done, strict=True)
    ]
    return {
        "lake": place.name,
        "is_made": place.is_made,
        "account_id": account or place.default_account,
        "is_account_stated": account is not None,
        "dry_run": place.is_dry,
        "files": files,
        "summary": _summary(teller.done),
    }


def _without_shown(done: Imported) -> dict[str, Any]:
    told: dict[str, Any] = jsonable(done)
    del told["shown"]
    return told
