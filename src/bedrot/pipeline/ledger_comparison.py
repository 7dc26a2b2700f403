"""What an export of a ledger lacks beside the older ones: it is filtered, or truncated."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from bedrot.catalog.records import Standing, canonical_json
from bedrot.core.money import plain
from bedrot.pipeline.timeline import (
    LACKS_LINES,
    SET_ASIDE,
    Accepted,
    Comparing,
    Sight,
    standing_of,
)
from bedrot.quality.ledger_standings import Lacking, Reach, lacking_keys
from bedrot.zones.parts import Profile, read_note, write_note

if TYPE_CHECKING:
    from bedrot.extract.streams import Stream


class LedgerComparison:
    """The lines of older exports that a newer one should have, account by account."""

    def __init__(self, comparing: Comparing, withdrawing: frozenset[str]) -> None:
        self._comparing = comparing
        self._withdrawing = withdrawing
        self._rows: dict[str, dict[str, set[str]]] = {}
        self._withdrawn: dict[str, list[Reach]] = {}
        self._counted: dict[str, list[Profile]] = {}

    def found(self, seen: Sight, accepted: Accepted) -> list[Standing]:
        account = seen.capture.account_id
        owed = _Owed(self._rows.get(account, {}), tuple(self._withdrawn.get(account, [])))
        return _compared(self._comparing, seen, owed, accepted)

    def count(self, seen: Sight) -> list[Standing]:
        account = seen.capture.account_id
        counted = self._counted.setdefault(account, [])
        told = _filtered(self._comparing.stream, seen, counted)
        counted.append(seen.profile)
        if seen.capture.file_id in self._withdrawing:
            self._withdrawn.setdefault(account, []).append(_reach(seen.profile))
        rows = self._rows.setdefault(account, {})
        for partition, chunk in seen.profile.chunks.items():
            rows.setdefault(partition, set()).add(chunk.fingerprint)
        return told


def _filtered(stream: Stream, seen: Sight, before: Sequence[Profile]) -> list[Standing]:
    """Say that an export leaves out what older ones of its account hold: that is no fault."""
    own = seen.profile
    lacking = []
    for name, values in own.scope.items():
        missing = {v for profile in before for v in profile.scope.get(name, ())} - set(values)
        if missing:
            shown = ", ".join(sorted(missing)[:3]) + (", …" if len(missing) > 3 else "")
            lacking.append(f"{len(missing)} of {name} ({shown})")
    if not lacking:
        return []
    return [
        standing_of(
            stream,
            seen,
            status="information",
            code="filtered",
            reason="the export is filtered; older ones hold more: " + "; ".join(lacking),
        )
    ]


@dataclass(frozen=True, slots=True)
class _Owed:
    """What older captures make a newer one owe: their rows, but for what was withdrawn since."""

    rows: Mapping[str, set[str]]
    withdrawn: tuple[Reach, ...]


def _reach(profile: Profile) -> Reach:
    first, last = profile.first, profile.newest
    assert first is not None  # noqa: S101 - a profile has rows, and every row its closing date
    assert last is not None  # noqa: S101
    return Reach(first=first, last=last, values=profile.scope)


def _compared(
    comparing: Comparing,
    seen: Sight,
    older: _Owed,
    accepted: Accepted,
) -> list[Standing]:
    lacking = _lacking(comparing, seen, older)
    if not lacking.keys:
        return []
    is_accepted = LACKS_LINES in accepted.get(seen.capture.file_id, frozenset())
    file_id = seen.capture.file_id
    return [
        standing_of(
            comparing.stream,
            seen,
            status="warning" if is_accepted else SET_ASIDE,
            code=LACKS_LINES,
            reason=(
                f"{lacking.keys} line(s) of older exports, {plain(Decimal(lacking.amount))} USD, "
                "are missing although the same artists, stores and months are in it: "
                "the export is truncated, or the platform withdrew them"
            ),
            seen="; ".join(lacking.examples),
            next_step=""
            if is_accepted
            else "download the export again and import it; if the file is right: "
            f"`bedrot quarantine accept {file_id}`, and with `--withdraw` the missing lines go",
        )
    ]


def _lacking(comparing: Comparing, seen: Sight, older: _Owed) -> Lacking:
    keys, amount = 0, Decimal(0)
    examples: list[str] = []
    for partition in sorted(older.rows):
        own = seen.profile.chunks.get(partition)
        others = older.rows[partition] - {own.fingerprint if own else ""}
        if not others or not seen.profile.spans(partition):
            continue
        owed = _Owed({partition: others}, older.withdrawn)
        found = _lacking_in(comparing, seen, partition, owed)
        keys += found.keys
        amount += Decimal(found.amount)
        examples += found.examples
    return Lacking(keys=keys, amount=str(amount), examples=tuple(examples[:3]))


def _lacking_in(comparing: Comparing, seen: Sight, partition: str, owed: _Owed) -> Lacking:
    """One partition's comparison, kept under the hash of what was compared."""
    lake, stream = comparing.lake, comparing.stream
    others = sorted(owed.rows[partition])
    own = seen.profile.chunks.get(partition)
    compared = [partition, others, seen.capture.file_id, [_told(r) for r in owed.withdrawn]]
    name = hashlib.sha256(canonical_json(compared).encode()).hexdigest()[:32]
    note = read_note(lake, stream.table, stream.definition_id, name)
    if note is not None:
        told = json.loads(note)
        return Lacking(**{**told, "examples": tuple(told["examples"])})
    found = lacking_keys(
        comparing.con,
        stream.contract,
        older=[comparing.chunk_file(partition, fingerprint) for fingerprint in others],
        newer=comparing.chunk_file(partition, own.fingerprint) if own else None,
        reach=_reach(seen.profile),
        withdrawn=owed.withdrawn,
    )
    told = {"keys": found.keys, "amount": found.amount, "examples": list(found.examples)}
    write_note(lake, stream.table, stream.definition_id, name, canonical_json(told).encode())
    return found


def _told(reach: Reach) -> list[object]:
    return [
        reach.first.isoformat(),
        reach.last.isoformat(),
        {name: sorted(values) for name, values in reach.values.items()},
    ]
