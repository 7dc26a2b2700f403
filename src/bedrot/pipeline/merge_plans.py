"""What every partition of a staging table is made from, and in which order it was seen."""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby, product
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bedrot.catalog.records import canonical_json
from bedrot.contracts.model import MADE_COLUMNS
from bedrot.merge.sightings import ChunkRows, End, Sighting, Withdrawal
from bedrot.pipeline.timeline import Sight, Timeline

if TYPE_CHECKING:
    from bedrot.contracts.model import Contract


@dataclass(frozen=True, slots=True, kw_only=True)
class MergePlan:
    """What one partition is made from: distinct row sets, and the order in which they were seen."""

    chunks: tuple[ChunkRows, ...]
    walk: tuple[Sighting, ...]
    ends: tuple[End, ...]
    input_hash: str
    partition: str
    places: Mapping[int, tuple[str, str]]
    """Payload and partition whose part holds the rows of each chunk."""


def merge_plans(contract: Contract, timeline: Timeline) -> dict[str, MergePlan]:
    """What every partition is made from."""
    partitions: dict[str, list[Sight]] = {}
    for seen in timeline.counted:
        for partition in seen.profile.chunks:
            partitions.setdefault(partition, []).append(seen)
    # A capture that withdraws lines speaks of partitions of which it holds none, too.
    for seen in timeline.counted:
        if seen.capture.file_id in timeline.withdrawing:
            for partition, sights in partitions.items():
                if seen not in sights and seen.profile.spans(partition):
                    sights.append(seen)
    order = {id(seen): place for place, seen in enumerate(timeline.counted)}
    origins = _origins(timeline)
    return {
        partition: _plan(
            _Planning(
                timeline,
                origins,
                "provisionalDays" in contract.properties,
                contract.kind in MADE_COLUMNS,
            ),
            partition,
            sorted(sights, key=lambda s: order[id(s)]),
        )
        for partition, sights in partitions.items()
    }


@dataclass(frozen=True, slots=True)
class _Planning:
    """What the plan of a partition needs besides its own sights."""

    timeline: Timeline
    origins: Mapping[tuple[str, str, str], Sight]
    has_provisional_days: bool
    is_every_sighting_kept: bool


def _ends(
    partition: str, sights: Sequence[Sight], numbers: Mapping[tuple[str, str], int]
) -> tuple[End, ...]:
    """How far the captures reach that tell each row set, by scope.

    What was settled long ago stays as it is: an end is told as some day after all of the
    partition's own, however far behind them it lies.
    """
    days = [s.profile.chunks[partition].last for s in sights if partition in s.profile.chunks]
    last = max((date.fromisoformat(day) for day in days if day), default=None)
    found: dict[tuple[int, tuple[str, ...]], date] = {}
    for seen in sights:
        own, newest = seen.profile.chunks.get(partition), seen.profile.newest
        if own is None or newest is None or last is None:
            continue
        number = numbers[seen.capture.account_id, own.fingerprint]
        for scope in product(*seen.profile.scope.values()):
            end = min(newest, last + _BEYOND)
            found[number, scope] = max(end, found.get((number, scope), end))
    return tuple(
        End(chunk=number, scope=scope, newest=newest)
        for (number, scope), newest in sorted(found.items())
    )


_BEYOND = timedelta(days=62)
"""More than any stream's provisional days."""


def _plan(planning: _Planning, partition: str, sights: Sequence[Sight]) -> MergePlan:
    """Which distinct row sets a partition is made from, and in which order they were seen."""
    chunks: dict[tuple[str, str], ChunkRows] = {}
    walk: list[Sighting] = []
    for seen in sights:
        own = seen.profile.chunks.get(partition)
        number = None
        if own is not None:
            key = (seen.capture.account_id, own.fingerprint)
            if key not in chunks:
                origin = planning.origins[partition, *key]
                chunks[key] = ChunkRows(
                    chunk=len(chunks),
                    account_id=origin.capture.account_id,
                    path=Path(),
                    file_id=origin.capture.file_id,
                    as_of=origin.as_of,
                    landed_at=origin.capture.landed_at,
                    scale=own.scale,
                )
            number = chunks[key].chunk
        walk.append(
            Sighting(
                account_id=seen.capture.account_id,
                chunk=number,
                file_id=seen.capture.file_id,
                as_of=seen.as_of,
                withdrawal=_withdrawal(seen, planning.timeline),
            )
        )
    if not planning.is_every_sighting_kept:
        walk = _collapsed(walk)
    # Of one row set alone it does not matter when it was seen, unless every sighting is a row.
    is_told = len(chunks) > 1 or planning.is_every_sighting_kept
    told: Mapping[str, Any] = {
        "chunks": [
            [*key, chunk.file_id, chunk.as_of.isoformat() if chunk.as_of else None]
            for key, chunk in chunks.items()
        ],
        "walk": [
            [
                s.chunk,
                s.file_id if s.withdrawal or is_told else None,
                s.withdrawal is not None,
                s.confirmed_at.isoformat() if s.confirmed_at else None,
                s.as_of.isoformat() if s.as_of and (s.withdrawal or is_told) else None,
                # A withdrawal without lines of its own is its account's all the same.
                *([s.account_id] if s.withdrawal else []),
            ]
            for s in walk
        ],
    }
    ends: tuple[End, ...] = ()
    if planning.has_provisional_days:
        ends = _ends(partition, sights, {key: chunk.chunk for key, chunk in chunks.items()})
        told = {**told, "ends": [[e.chunk, *e.scope, e.newest.isoformat()] for e in ends]}
    return MergePlan(
        chunks=tuple(chunks.values()),
        walk=tuple(walk),
        ends=ends,
        partition=partition,
        input_hash=hashlib.sha256(canonical_json(told).encode()).hexdigest()[:32],
        places={chunk.chunk: (chunk.file_id, partition) for chunk in chunks.values()},
    )


def _origins(timeline: Timeline) -> dict[tuple[str, str, str], Sight]:
    """The earliest sighting of each row set, by `as_of` and then payload hash.

    Row sets are named by partition, account and fingerprint.
    """
    found: dict[tuple[str, str, str], Sight] = {}
    for seen in sorted(
        timeline.counted,
        key=lambda s: (s.as_of is not None, s.as_of, s.capture.sha256, s.capture_id),
    ):
        for partition, chunk in seen.profile.chunks.items():
            found.setdefault((partition, seen.capture.account_id, chunk.fingerprint), seen)
    return found


def _withdrawal(seen: Sight, timeline: Timeline) -> Withdrawal | None:
    first, last = seen.profile.first, seen.profile.newest
    if seen.capture.file_id not in timeline.withdrawing or first is None or last is None:
        return None
    return Withdrawal(first=first, last=last, scope=seen.profile.scope)


def _collapsed(walk: Sequence[Sighting]) -> list[Sighting]:
    """An account's same rows seen again with nothing in between say nothing new.

    But that they were seen at the very moment of what follows them is kept: then the two
    disagree.
    """
    kept: list[Sighting] = []
    by_account = groupby(sorted(walk, key=lambda s: s.account_id), key=lambda s: s.account_id)
    for _, sightings in by_account:
        last: Sighting | None = None
        for sighting in sightings:
            says = (sighting.chunk, sighting.withdrawal)
            if last is None or says != (last.chunk, last.withdrawal):
                if last is not None and last.as_of == sighting.as_of:
                    kept[-1] = dataclasses.replace(kept[-1], confirmed_at=last.as_of)
                kept.append(sighting)
            last = sighting
    return kept
