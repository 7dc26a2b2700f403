"""What a mutation is: an export as it came, a change of its bytes, and what has to come of it."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from bedrot.testing.ledgers import Export

Change = Callable[[bytes, random.Random], bytes]

OPERATORS = (
    "renamed",
    "dropped",
    "added",
    "swapped",
    "retyped",
    "rescaled",
    "delimiter",
    "encoding",
    "line ends",
    "date format",
    "language",
    "decimal comma",
    "truncated",
    "duplicated",
    "spreadsheet",
    "no data",
    "structure",
    "archive",
)
"""The sorts of change; every one of them is tried."""

UNDETECTABLE = {
    "swapped headers": "two columns of one type have each other's headers, and no total tells them apart",
    "every figure alike": "all figures are changed in one way, and nothing in the file says a sum",
    "an equal line is real": "a ledger holds lines that are equal in all they say, so one more may be true",
    "whole records gone": "records are missing from a first file that says neither how many nor what sum",
    "another text": "a text is replaced by another one that could be as true",
    "another day": "all days are shifted alike, and nothing in the file says when it was made",
}
"""What no reader can detect from one file, by kind, with the reason."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """An export as the platform gives it, and those that its account had brought before it."""

    source: str
    name: str
    export: Export
    older: tuple[Export, ...] = ()

    def after(self, older: Export, export: Export) -> Subject:
        """Such an export in an account that has an older one already.

        Its bytes are others than those of the first: equal bytes are one payload.
        """
        return replace(self, name=f"{self.name}, not the first", older=(older,), export=export)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mutation:
    """One change to an export.

    `names` is what a warning has to say where the figures differ; `becomes` is what columns of the
    tables rightly hold after the change (nothing, or a function of what they held), and `undetectable` is the kind of a change
    that no reader can notice.
    """

    subject: Subject
    operator: str
    name: str
    change: Change
    file_name: str | None = None
    names: str = ""
    becomes: Mapping[str, object] = field(default_factory=dict)
    undetectable: str = ""

    @property
    def id(self) -> str:
        """The mutation in words; unlike any other."""
        return f"{self.subject.source} {self.subject.name}: {self.name}"

    @property
    def mutant(self) -> Export:
        """The changed export; the same at every call."""
        chance = random.Random(self.id)
        whole = self.subject.export
        content = self.change(whole.content, chance)
        return replace(whole, name=self.file_name or whole.name, content=content)


@dataclass(slots=True)
class Mutations:
    """The mutations of one subject, written down one by one."""

    subject: Subject
    found: list[Mutation] = field(default_factory=list)

    def add(
        self,
        operator: str,
        name: str,
        change: Change,
        *,
        file_name: str | None = None,
        names: str = "",
        becomes: Mapping[str, object] | None = None,
        undetectable: str = "",
    ) -> None:
        """Write one down."""
        self.found.append(
            Mutation(
                subject=self.subject,
                operator=operator,
                name=name,
                change=change,
                file_name=file_name,
                names=names,
                becomes=becomes or {},
                undetectable=undetectable,
            )
        )
