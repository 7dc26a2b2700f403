"""What came into the demo's lake, by source, and what was said aloud about it."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from bedrot.cli.output import print_table, say

if TYPE_CHECKING:
    from bedrot.catalog.records import Standing
    from bedrot.pipeline.bringing import Imported
    from bedrot.pipeline.running import RunOutcome

_WIDTH = 78
_NOBODY = "no source"
_EARNINGS = ("distrokid", "earnings")
_STEM = "dk_bank_details_"
_RESTATED_EARNINGS = "stg_distrokid__earnings_restatements"


def say_files(imported: Sequence[Imported], pages_of: Mapping[str, str]) -> None:
    """Tell what became of the files.

    Args:
        imported: In the order of the import.
        pages_of: The store of each daily table that is read from statistics pages.
    """
    say("What came in", style="bold")
    print_table(
        None,
        ["source", "landed", "known", "aside", "refused", "rows", "newest day"],
        [*_by_source(imported)],
    )
    say()
    say("DistroKid's exports overlap, in two layouts and more encodings", style="bold")
    print_table(
        None,
        ["export of", "lines", "net USD", "columns and layout"],
        [*_earnings(imported)],
    )
    say()
    say("and its statistics pages show a trailing year of days each", style="bold")
    print_table(
        None,
        ["pages of", "landed", "no new day", "saved from", "to", "newest day"],
        [*_pages_by_store(imported, pages_of)],
    )
    _say_aside(imported)


def say_findings(outcome: RunOutcome) -> None:
    """Say each kind of warning once, with the number of files that it was found in."""
    from bedrot.catalog.records import Standing

    found: dict[str, list[Standing]] = {}
    for told in outcome.record.standings:
        standing = Standing.from_dict(told)
        if standing.status == "warning":
            found.setdefault(standing.code, []).append(standing)
    for standings in found.values():
        example = standings[-1].seen.partition(";")[0]
        _wrapped(f"Said aloud, in {len(standings)} files: {standings[-1].reason} ({example})")
    changed = next((c.state.rows for c in outcome.changes if c.table == _RESTATED_EARNINGS), 0)
    say(f"Royalty lines restated by a later export: {changed} (see `bedrot diff fct_royalty_line`)")


def _by_source(imported: Sequence[Imported]) -> Iterator[tuple[object, ...]]:
    from bedrot.sources import all_sources

    titles = {source.name: source.title for source in all_sources()}
    for name in sorted({one.source for one in imported}, key=lambda name: (not name, name)):
        own = [one for one in imported if one.source == name]
        outcomes = [one.outcome for one in own]
        yield (
            titles.get(name, _NOBODY),
            *(outcomes.count(outcome) for outcome in ("landed", "known", "set_aside", "refused")),
            sum(one.rows or 0 for one in own if one.outcome == "landed") or None,
            max((one.newest for one in own if one.newest), default=None),
        )


def _earnings(imported: Sequence[Imported]) -> Iterator[tuple[object, ...]]:
    for one in imported:
        if (one.source, one.stream) == _EARNINGS and one.outcome == "landed":
            layout = one.layout.replace(" columns", "").replace("unquoted, ", "")
            name = _file(one).partition(" > ")[0].removeprefix(_STEM)
            yield name, one.rows, one.amount, layout


def _pages_by_store(
    imported: Sequence[Imported], pages_of: Mapping[str, str]
) -> Iterator[tuple[object, ...]]:
    for table, store in pages_of.items():
        own = [one for one in imported if table == f"stg_{one.source}__{one.stream}"]
        ends = sorted((one.as_of, one.newest) for one in own if one.as_of and one.newest)
        newest = [day for _, day in ends]
        yield (
            store,
            len(ends),
            sum(day <= max(newest[:place]) for place, day in enumerate(newest) if place),
            ends[0][0].date() if ends else None,
            ends[-1][0].date() if ends else None,
            max(newest, default=None),
        )


def _say_aside(imported: Sequence[Imported]) -> None:
    aside = [one for one in imported if one.outcome == "set_aside"]
    say()
    say(f"Set aside: {len(aside)} files, and nothing else is held up by them", style="bold")
    for one in aside:
        say(f"  {_file(one)}")
        _wrapped(one.reason, indent=4)
    say("`bedrot quarantine list` says what to do about each.")
    for one in imported:
        if one.outcome == "known":
            _wrapped(f"Known: {_file(one)}: {one.reason}")


def _wrapped(text: str, *, indent: int = 0) -> None:
    """Print prose in lines that fit a narrow terminal."""
    margin = " " * indent
    for line in textwrap.wrap(
        text, _WIDTH, initial_indent=margin, subsequent_indent=margin or "  "
    ):
        say(line)


def _file(one: Imported) -> str:
    """The file below the inbox, with its way through archives."""
    return one.shown.split("inbox", 1)[-1].lstrip("/\\")
