"""What the lake makes of mutations: each in an account of its own, all imported and run together."""

from __future__ import annotations

import traceback
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bedrot.catalog import index
from bedrot.testing.lakes import bring_in, rows_of, run_lake, throwaway_lake
from bedrot.testing.ledgers import Export
from bedrot.zones import journal
from mutating.model import Mutation, Subject

if TYPE_CHECKING:
    from bedrot.pipeline.bringing import Imported
    from bedrot.zones.lake import Lake

RIGHT = "right"
SET_ASIDE = "set aside"
REFUSED = "refused"
WARNED = "warned"
UNDETECTABLE = "undetectable"
WRONG = "silently wrong"
CRASHED = "crashed"

_BOOKKEEPING = frozenset({"account_id", "_file_id", "_row", "as_of", "landed_at"})
_FROM_AS_OF = frozenset({"valid_from", "valid_to", "snapshot_at", "read_date"})
_RESTATED = "_restatements"
NOTHING: Mapping[str, object] = {}

Rows = Counter[str]
"""Rows of all tables as text, table and columns named, each with how often it stands."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """How a mutation ended. `told` is the reason, or the warning that names the change."""

    mutation: Mutation
    outcome: str
    told: str = ""
    next_step: str = ""
    code: str = ""
    lost: tuple[str, ...] = ()
    gained: tuple[str, ...] = ()

    @property
    def in_full(self) -> str:
        """The mutation with some of the rows that differ."""
        rows = [f"- {row}" for row in self.lost[:2]] + [f"+ {row}" for row in self.gained[:2]]
        return "\n".join([f"{self.mutation.id}: {self.outcome}: {self.told}", *rows])


def judge(mutations: Sequence[Mutation], folder: Path) -> dict[str, Judged]:
    """Judge mutations of which no two make the same bytes, by id.

    The figures of accounts are never merged, so one lake serves for all of them. Two payloads of
    equal bytes are one payload, and what is said of it is said of both: they are refused here.
    """
    mutants = {mutation.id: mutation.mutant for mutation in mutations}
    _refuse_equal(mutations, mutants)
    accounts = {mutation.id: f"m{place}" for place, mutation in enumerate(mutations)}
    with throwaway_lake(folder) as lake:
        usual: list[list[Imported]] = []
        for place, subject in enumerate(_subjects(mutations)):
            _bring(lake, f"old{place}", *subject.older)
            usual.append(_bring(lake, f"whole{place}", *subject.older, subject.export))
        told: dict[str, list[Imported] | str] = {}
        for mutation in mutations:
            account = accounts[mutation.id]
            _bring(lake, account, *mutation.subject.older)
            try:
                told[mutation.id] = _bring(lake, account, mutants[mutation.id])
            except Exception:  # noqa: BLE001 - that anything gets out is what is looked for
                told[mutation.id] = traceback.format_exc()
        run_lake(lake)
        tables = _tables(lake)
        said = index.standings(lake.catalog)
    found = {}
    for mutation in mutations:
        place = _subjects(mutations).index(mutation.subject)
        seen = _Seen(
            mutation=mutation,
            imported=told[mutation.id],
            usual=[text for one in usual[place] for text in one.warnings],
            rows=tables.get(accounts[mutation.id], {}),
            whole=tables.get(f"whole{place}", {}),
            old=tables.get(f"old{place}", {}),
            standings=said,
        )
        assert seen.whole, f"`{mutation.subject.name}` is not published as it is"
        found[mutation.id] = seen.judged()
    return found


def _refuse_equal(mutations: Sequence[Mutation], mutants: Mapping[str, Export]) -> None:
    seen: dict[bytes, str] = {}
    for mutation in mutations:
        content = mutants[mutation.id].content
        if mutation.file_name is None:
            assert content != mutation.subject.export.content, f"`{mutation.id}` changes nothing"
            assert content not in seen, f"`{mutation.id}` makes what `{seen[content]}` makes"
        seen[content] = mutation.id


def _subjects(mutations: Iterable[Mutation]) -> list[Subject]:
    return list(dict.fromkeys(mutation.subject for mutation in mutations))


def _bring(lake: Lake, account: str, *exports: Export) -> list[Imported]:
    named = [Export(name=e.name, content=e.content, account_id=account) for e in exports]
    return bring_in(lake, *named)


def _tables(lake: Lake) -> dict[str, dict[str, list[dict[str, Any]]]]:
    """The rows of all staging tables by account and table."""
    release = journal.latest_release(lake)
    found: dict[str, dict[str, list[dict[str, Any]]]] = {}
    for table in release.tables if release else ():
        if not table.startswith("stg_"):
            continue
        for row in rows_of(lake, f'select * from "{table}"'):
            found.setdefault(row["account_id"], {}).setdefault(table, []).append(row)
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class _Seen:
    """A mutation beside what was published with it, with the whole export, and without either."""

    mutation: Mutation
    imported: Sequence[Imported] | str
    usual: Sequence[str]
    rows: Mapping[str, Sequence[Mapping[str, Any]]]
    whole: Mapping[str, Sequence[Mapping[str, Any]]]
    old: Mapping[str, Sequence[Mapping[str, Any]]]
    standings: Sequence[Any]

    def judged(self) -> Judged:
        if isinstance(self.imported, str):
            return Judged(
                mutation=self.mutation, outcome=CRASHED, told=self.imported.splitlines()[-1]
            )
        aside = self._aside()
        found, whole = _counted(self.rows), _counted(self.whole, self.mutation.becomes)
        if found == whole and (aside is None or aside.outcome == REFUSED):
            # Other files of an archive may be refused beside it.
            told = aside.told if aside else _first(self._warnings())
            return Judged(mutation=self.mutation, outcome=RIGHT, told=told)
        if aside is not None:
            return aside
        lost, gained = tuple((whole - found).elements()), tuple((found - whole).elements())
        outcome, told = self._of_wrong_figures()
        return Judged(mutation=self.mutation, outcome=outcome, told=told, lost=lost, gained=gained)

    def _aside(self) -> Judged | None:
        """The mutation's end where a file does not count, and whether that left its traces."""
        asides = [
            (SET_ASIDE, one.reason, one.next_step, one.code) for one in self._of_file("set_aside")
        ]
        asides += [
            (outcome, one.reason, one.next_step, "")
            for one in self.imported
            if not isinstance(one, str)
            and (outcome := {"refused": REFUSED, "set_aside": SET_ASIDE}.get(one.outcome))
        ]
        if not asides:
            return None
        outcome, reason, next_step, code = asides[0]
        # Where several tables read one file, one of them may set it aside and the others do not.
        lost, gained = self._beside_old()
        return Judged(
            mutation=self.mutation,
            outcome=WRONG if lost or gained else outcome,
            told=reason,
            next_step=next_step,
            code=code,
            lost=lost,
            gained=gained,
        )

    def _beside_old(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """What tables lack, and hold too much, that are neither as before nor as by the whole file."""
        lost: list[str] = []
        gained: list[str] = []
        for table in {*self.rows, *self.old}:
            found, old, whole = (
                _counted({table: told.get(table, ())}) for told in (self.rows, self.old, self.whole)
            )
            if table.endswith(_RESTATED) or found in (old, whole):
                continue
            lost += (old - found).elements()
            gained += (found - old).elements()
        return tuple(lost), tuple(gained)

    def _of_wrong_figures(self) -> tuple[str, str]:
        names = self.mutation.names
        told = next((text for text in self._warnings() if names and names in text), "")
        if told:
            return WARNED, told
        if self.mutation.undetectable:
            return UNDETECTABLE, self.mutation.undetectable
        return WRONG, "; ".join(self._warnings()) or "nothing was said"

    def _of_file(self, *statuses: str) -> list[Any]:
        files = {one.file_id for one in self.imported if not isinstance(one, str)}
        return [
            standing
            for standing in self.standings
            if standing.file_id in files and standing.status in statuses
        ]

    def _warnings(self) -> list[str]:
        """What is said of the file and not of the whole one: on import, by the run, as restatement."""
        told = [text for one in self.imported if not isinstance(one, str) for text in one.warnings]
        texts = [text for text in told if text not in self.usual]
        texts += [f"{s.code}: {s.reason}" for s in self._of_file("warning", "information")]
        before = {table: _counted({table: rows}) for table, rows in self.old.items()}
        for table, rows in self.rows.items():
            if table.endswith(_RESTATED):
                new = _counted({table: rows}) - before.get(table, Counter())
                texts += [f"restated: {row}" for row in sorted(new)]
        return list(dict.fromkeys(texts))


def _first(texts: Sequence[str]) -> str:
    return texts[0] if texts else ""


def _counted(
    tables: Mapping[str, Sequence[Mapping[str, Any]]], becomes: Mapping[str, object] = NOTHING
) -> Rows:
    """The content of tables; restatements are about captures and are not figures."""
    return Counter(
        _text(table, row, becomes)
        for table, rows in tables.items()
        if not table.endswith(_RESTATED) or len(tables) == 1
        for row in rows
    )


def _held(becomes: Mapping[str, object], name: str, value: object) -> object:
    """What a column holds after the change, which may depend on what it held."""
    held = becomes.get(name, value)
    return held(value) if callable(held) else held


def _text(table: str, row: Mapping[str, Any], becomes: Mapping[str, object]) -> str:
    told = ", ".join(
        f"{name}={_held(becomes, name, value)}"
        for name, value in sorted(row.items())
        if name not in _BOOKKEEPING | _FROM_AS_OF
        and not (table.endswith(_RESTATED) and name == "file_id")
    )
    return f"{table}: {told}"
