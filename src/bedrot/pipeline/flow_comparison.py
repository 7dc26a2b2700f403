"""What a capture of daily figures does to settled days: restatements are few, mix-ups are many."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from bedrot.catalog.records import Standing, canonical_json
from bedrot.pipeline.timeline import SET_ASIDE, Accepted, Comparing, Sight, standing_of
from bedrot.quality.settled_days import DaysCompared, compare_days
from bedrot.zones.parts import read_note, write_note

if TYPE_CHECKING:
    from bedrot.zones.parts import Chunk

CHANGES_DAYS = "changes_settled_days"

_UNSETTLED_DAYS = 2
"""The newest days of a capture are never settled, whatever the stream says of them."""
_LOWERED_DAYS, _LOWERED_SHARE = 3, 0.10
_CHANGED_DAYS, _CHANGED_SHARE = 10, 0.50
"""From how many days on, and from which share of those compared. The largest restatement known
raised 4 of 278 days at once, and lowered none; a page of one track lowers nearly all."""


class FlowComparison:
    """Each capture beside all that the older ones told, of the same account and scope."""

    def __init__(self, comparing: Comparing) -> None:
        self._comparing = comparing
        self._told: dict[tuple[str, ...], _Told] = {}

    def found(self, seen: Sight, accepted: Accepted) -> list[Standing]:
        before = self._told.get(_series(seen))
        if before is None:
            return []
        told = _compared(self._comparing, before, seen)
        if not _is_mixed_up(told):
            return []
        file_id = seen.capture.file_id
        is_accepted = CHANGES_DAYS in accepted.get(file_id, frozenset())
        return [
            standing_of(
                self._comparing.stream,
                seen,
                status="warning" if is_accepted else SET_ASIDE,
                code=CHANGES_DAYS,
                reason=f"it lowers {told.lowered} and changes {told.changed} of {told.compared} "
                f"days that were settled when `{before.last.capture.name}` was saved: figures of "
                "one track or of another account do that, the platform hardly",
                seen="; ".join(told.examples),
                next_step=""
                if is_accepted
                else "export it again with nothing filtered; if the file is right: "
                f"`bedrot quarantine accept {file_id}`, and if the older one was wrong: "
                f"`bedrot quarantine drop {before.last.capture.file_id}`",
            )
        ]

    def count(self, seen: Sight) -> list[Standing]:
        told = self._told.setdefault(_series(seen), _Told(seen))
        told.add(seen)
        return []


class _Told:
    """What the captures of a series have told: per partition the row sets, oldest first.

    A row set of which a newer one tells every day is left out: it says nothing any more.
    """

    def __init__(self, first: Sight) -> None:
        self.last = first
        self.newest: date | None = None
        self.partitions: dict[str, list[Chunk]] = {}

    def add(self, seen: Sight) -> None:
        self.last = seen
        days = [day for day in (self.newest, seen.profile.newest) if day is not None]
        self.newest = max(days, default=None)
        for partition, chunk in seen.profile.chunks.items():
            kept = [old for old in self.partitions.get(partition, []) if not _covers(chunk, old)]
            self.partitions[partition] = [*kept, chunk]


def _covers(new: Chunk, old: Chunk) -> bool:
    """Whether a row set tells all the days of another one: as many, and within its bounds."""
    bounds = (new.first, new.last, old.first, old.last)
    if any(day is None for day in bounds):
        return new.fingerprint == old.fingerprint
    first, last, old_first, old_last = (str(day) for day in bounds)
    return first <= old_first and last >= old_last and new.rows >= old.rows


def _series(seen: Sight) -> tuple[str, ...]:
    scope = [value for values in seen.profile.scope.values() for value in values]
    return (seen.capture.account_id, *scope)


def _is_mixed_up(told: DaysCompared) -> bool:
    lowers = told.lowered >= _LOWERED_DAYS and told.lowered > _LOWERED_SHARE * told.compared
    changes = told.changed >= _CHANGED_DAYS and told.changed > _CHANGED_SHARE * told.compared
    return lowers or changes


def _compared(comparing: Comparing, before: _Told, seen: Sight) -> DaysCompared:
    if before.newest is None:
        return DaysCompared(compared=0, lowered=0, changed=0)
    days = comparing.stream.contract.properties.get("provisionalDays", 0)
    until = before.newest - timedelta(days=max(days, _UNSETTLED_DAYS))
    compared = lowered = changed = 0
    examples: list[str] = []
    for partition, held in before.partitions.items():
        new = seen.profile.chunks.get(partition)
        if new is None:
            continue
        if new.fingerprint == held[-1].fingerprint:
            compared += new.rows
            continue
        told = _partition(comparing, partition, [chunk.fingerprint for chunk in held], new, until)
        compared += told.compared
        lowered += told.lowered
        changed += told.changed
        examples += told.examples
    return DaysCompared(
        compared=compared, lowered=lowered, changed=changed, examples=tuple(examples[:3])
    )


def _partition(
    comparing: Comparing, partition: str, held: Sequence[str], new: Chunk, until: date
) -> DaysCompared:
    """One partition's comparison, kept under the hash of what was compared."""
    lake, stream = comparing.lake, comparing.stream
    what = canonical_json(["days", partition, list(held), new.fingerprint, until.isoformat()])
    name = hashlib.sha256(what.encode()).hexdigest()[:32]
    note = read_note(lake, stream.table, stream.definition_id, name)
    if note is not None:
        kept: Mapping[str, Any] = json.loads(note)
        return DaysCompared(**{**kept, "examples": tuple(kept["examples"])})
    found = compare_days(
        comparing.con,
        stream.contract,
        older=[comparing.chunk_file(partition, fingerprint) for fingerprint in held],
        newer=comparing.chunk_file(partition, new.fingerprint),
        until=until,
    )
    content = canonical_json(asdict(found)).encode()
    write_note(lake, stream.table, stream.definition_id, name, content)
    return found
