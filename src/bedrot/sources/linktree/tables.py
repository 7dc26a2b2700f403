"""From a visit to the rows of each stream."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import overload

from bedrot.extract.parsed import HintedParse, Parsed
from bedrot.extract.streams import Note
from bedrot.sources.linktree import tellings
from bedrot.sources.linktree.answers import Row
from bedrot.sources.linktree.looks import Look, read_look
from bedrot.sources.linktree.notes import notes_of
from bedrot.sources.linktree.tellings import Told


def read_profile_days(path: Path, waived: frozenset[str], hints: Mapping[str, str]) -> Parsed:
    """Views and clicks by day, and what is to be said of the whole visit.

    Raises:
        RejectedPayloadError: A response is not whole, or its own figures disagree.
    """
    look = read_look(path, waived, hints)
    return _parsed(look, tellings.profile_days(look), {"date": "visit_date"}, notes_of(look))


def reader(told: Callable[[Look], Told], **renamed: str) -> HintedParse:
    """Reads the rows that a visit tells of one thing.

    Args:
        told: Finds them in the visit.
        renamed: What the table calls a value, by the name that it has in the rows.
    """

    def read(path: Path, waived: frozenset[str], hints: Mapping[str, str]) -> Parsed:
        look = read_look(path, waived, hints)
        return _parsed(look, told(look), renamed)

    return read


def breakdown_reader(name: str, column: str) -> HintedParse:
    """Reads one list of the breakdowns; `column` is what the table calls the names in it."""
    return reader(lambda look: tellings.breakdown(look, name), name=column)


@dataclass(frozen=True, slots=True)
class _Records(Sequence[str]):
    """What stands in the visit for each row, written when somebody asks: few ever are."""

    rows: Sequence[Row]

    @overload
    def __getitem__(self, number: int) -> str: ...
    @overload
    def __getitem__(self, number: slice) -> list[str]: ...
    def __getitem__(self, number: int | slice) -> str | list[str]:
        if isinstance(number, slice):
            return [row.record for row in self.rows[number]]
        return self.rows[number].record

    def __len__(self) -> int:
        return len(self.rows)


def _parsed(look: Look, told: Told, renamed: dict[str, str], notes: Sequence[Note] = ()) -> Parsed:
    names = dict.fromkeys(name for row in told.rows for name in row.values)
    return Parsed(
        layout="visit",
        columns={renamed.get(n, n): [row.values.get(n) for row in told.rows] for n in names},
        places=[row.place for row in told.rows],
        records=_Records(told.rows),
        head=look.head,
        notes=tuple(notes),
    )
