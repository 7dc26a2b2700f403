"""`bedrot new-source`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bedrot.cli.options import JsonOption
from bedrot.cli.output import print_json, say
from bedrot.errors import UsageError
from bedrot.scaffold.naming import DEFAULT_STREAMS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bedrot.scaffold.naming import NewSource
    from bedrot.scaffold.writing import NewFile, Place


def new_source(
    name: Annotated[
        str,
        typer.Argument(metavar="NAME", help="What the lake calls it: lower case, such as `acme`."),
    ],
    *,
    title: Annotated[
        str | None,
        typer.Option("--title", help="What people call it.", show_default="the name"),
    ] = None,
    kind: Annotated[
        str,
        typer.Option(
            "--kind",
            metavar="KIND",
            help=f"How exports of its stream merge: {', '.join(DEFAULT_STREAMS)}.",
        ),
    ] = "ledger",
    stream: Annotated[
        str | None,
        typer.Option(
            "--stream", help="What its stream is called.", show_default="as is usual for the kind"
        ),
    ] = None,
    into: Annotated[
        Path | None,
        typer.Option(
            "--into",
            metavar="FOLDER",
            help="Make a package of its own there.",
            show_default="the checkout of bedrot around the working folder",
        ),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Make the folder of a new source: contract, SQL, synthetic exports, README and tests.

    What is made is complete and passes all checks, with headers that only
    stand for the platform's own. Put the real ones in their place, then change
    columns and SQL as the export needs it. Nothing that exists is touched.

    Examples:
      bedrot new-source acme --title "Acme Music"
      bedrot new-source acme --kind flow --into ~/acme
    """
    from importlib.metadata import version

    from bedrot.scaffold import naming
    from bedrot.scaffold.writing import new_files, write_files
    from bedrot.sources import all_sources

    taken = [one.name for one in all_sources()]
    source = naming.new_source(name, title=title, stream=stream, kind=kind, taken=taken)
    place = _place(source, into)
    files = new_files(source, place, version=version("bedrot"))
    write_files(place, files)
    if as_json:
        print_json(_document(source, place, files))
    else:
        _say_made(source, place, files)


def _place(source: NewSource, into: Path | None) -> Place:
    from bedrot.scaffold.writing import checkout_of, place_in_checkout, place_of_its_own

    if into is not None:
        return place_of_its_own(source, into.expanduser())
    root = checkout_of(Path.cwd())
    if root is None:
        msg = "the working folder lies in no checkout of bedrot"
        raise UsageError(
            msg,
            next_step=f"make a package of its own: `bedrot new-source {source.name} --into FOLDER`",
        )
    return place_in_checkout(source, root)


def _next_steps(place: Place) -> list[str]:
    if place.layout == "checkout":
        return [f"uv run pytest {place.tests.as_posix()}", "make docs", "make check"]
    return [f'python -m pytest "{place.root}"', f'python -m pip install -e "{place.root}"']


def _document(source: NewSource, place: Place, files: Sequence[NewFile]) -> dict[str, Any]:
    return {
        "name": source.name,
        "title": source.title,
        "stream": source.stream,
        "kind": source.kind,
        "table": source.table,
        "package": place.package,
        "root": str(place.root),
        "files": [file.path.as_posix() for file in files],
        "header_lines": {
            file.path.as_posix(): file.header_lines for file in files if file.header_lines
        },
        "next": _next_steps(place),
    }


def _say_made(source: NewSource, place: Place, files: Sequence[NewFile]) -> None:
    from bedrot.contracts.model import MADE_COLUMNS

    say(f"made the source `{source.name}` in `{place.root}`", style="bold")
    for file in files:
        say(f"  {file.path.as_posix()}")
    say(f"its stream `{source.stream}` fills `{source.table}`, of the kind {source.kind}")
    say("put the headers of real exports in the place of:")
    for file in files:
        if file.header_lines:
            lines = ", ".join(str(number) for number in file.header_lines)
            say(f"  {file.path.as_posix()}: lines {lines}")
    if source.kind in MADE_COLUMNS:
        say("its figures are about a moment: a stamp in a file's name or `--as-of` tells it")
    for step in _next_steps(place):
        say(f"next: `{step}`")
