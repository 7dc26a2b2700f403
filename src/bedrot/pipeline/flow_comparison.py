"""What a capture of daily figures does to settled days: restatements are few, mix-ups are many."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict
from datetime import date, timedelta
from typing import TYPE_CHECKING

from bedrot.catalog.records import Standing, canonical_json
from bedrot.pipeline.timeline import SET_ASIDE, Accepted, Comparing, Sight, standing_of
from bedrot.quality.settled_days import DaysCompared, compare_days
from bedrot.zones.parts import read_note, write_note

if TYPE_CHECKING:
    from collections.abc import Mapping

LOWERS_DAYS = "changes_settled_days"

_UNSETTLED_DAYS = 2
"""The newest days of a capture are never settled, whatever the stream says of them."""
_LOWERED_DAYS, _LOWERED_SHARE = 3, 0.10
_CHANGED_DAYS, _CHANGED_SHARE = 10, 0.50
"""From how many days on, and from which share of those compared. The largest restatement known
raised 4 of 278 days at once, and lowered none; a page of one track lowers nearly all."""


class FlowComparison:
    """Each capture beside the one before it, of the same account and scope."""

    def __init__(self, comparing: Comparing) -> None:
        self._comparing = comparing
        self._last: dict[tuple[str, ...], Sight] = {}

    def found(self, seen: Sight, accepted: Accepted) -> list[Standing]:
        before = self._last.get(_series(seen))
        if before is None:
            return []
        told = _compared(self._comparing, before, seen)
        if not _is_mixed_up(told):
            return []
        file_id = seen.capture.file_id
        is_accepted = LOWERS_DAYS in accepted.get(file_id, frozenset())
        return [
            standing_of(
                self._comparing.stream,
                seen,
                status="warning" if is_accepted else SET_ASIDE,
                code=LOWERS_DAYS,
                reason=f"it lowers {told.lowered} and changes {told.changed} of {told.compared} "
                f"days that `{before.capture.name}` had settled: a page of one track or of "
                "another account does that, the platform hardly",
                seen="; ".join(told.examples),
                next_step=""
                if is_accepted
                else "save the page again with all tracks shown; if the file is right: "
                f"`bedrot quarantine accept {file_id}`, and if the older one was wrong: "
                f"`bedrot quarantine drop {before.capture.file_id}`",
            )
        ]

    def count(self, seen: Sight) -> list[Standing]:
        self._last[_series(seen)] = seen
        return []


def _series(seen: Sight) -> tuple[str, ...]:
    scope = [value for values in seen.profile.scope.values() for value in values]
    return (seen.capture.account_id, *scope)


def _is_mixed_up(told: DaysCompared) -> bool:
    lowers = told.lowered >= _LOWERED_DAYS and told.lowered > _LOWERED_SHARE * told.compared
    changes = told.changed >= _CHANGED_DAYS and told.changed > _CHANGED_SHARE * told.compared
    return lowers or changes


def _compared(comparing: Comparing, before: Sight, seen: Sight) -> DaysCompared:
    newest = before.profile.newest
    if newest is None:
        return DaysCompared(compared=0, lowered=0, changed=0)
    days = comparing.stream.contract.properties.get("provisionalDays", 0)
    until = newest - timedelta(days=max(days, _UNSETTLED_DAYS))
    compared = lowered = changed = 0
    examples: list[str] = []
    for partition, old in before.profile.chunks.items():
        new = seen.profile.chunks.get(partition)
        if new is None:
            continue
        if new.fingerprint == old.fingerprint:
            compared += old.rows
            continue
        told = _partition(comparing, partition, (old.fingerprint, new.fingerprint), until)
        compared += told.compared
        lowered += told.lowered
        changed += told.changed
        examples += told.examples
    return DaysCompared(
        compared=compared, lowered=lowered, changed=changed, examples=tuple(examples[:3])
    )


def _partition(
    comparing: Comparing, partition: str, fingerprints: tuple[str, str], until: date
) -> DaysCompared:
    """One partition's comparison, kept under the hash of what was compared."""
    lake, stream = comparing.lake, comparing.stream
    told = canonical_json(["days", partition, fingerprints, until.isoformat()])
    name = hashlib.sha256(told.encode()).hexdigest()[:32]
    note = read_note(lake, stream.table, stream.definition_id, name)
    if note is not None:
        kept: Mapping[str, object] = json.loads(note)
        return DaysCompared(**{**kept, "examples": tuple(kept["examples"])})  # type: ignore[arg-type]
    older, newer = (comparing.chunk_file(partition, fingerprint) for fingerprint in fingerprints)
    found = compare_days(comparing.con, stream.contract, older=older, newer=newer, until=until)
    write_note(
        lake, stream.table, stream.definition_id, name, canonical_json(asdict(found)).encode()
    )
    return found
