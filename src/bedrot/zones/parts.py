"""Staging parts: what one payload says, typed and cut by partition, before files are compared.

A part is a cache: everything in it can be made again from raw. It is keyed by the definition, so
that a changed definition never meets rows of another one.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from bedrot.errors import AlreadyExistsError
from bedrot.zones.lake import STAGING, Lake

_PARTS = f"{STAGING}/.parts"
_WHOLE = "whole"
"""What the file of a table without partitions is called."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chunk:
    """The rows of one payload in one partition.

    `fingerprint` is equal exactly where the rows are equal as a multiset, bookkeeping aside.
    `units` is null where no row tells any. `scale` is the number of decimals of its amounts; `first` and `last` bound its periods: the
    closing dates of a ledger, the days of a flow.
    """

    rows: int
    fingerprint: str
    units: int | None = 0
    amount: str = "0"
    scale: int = 0
    first: str | None = None
    last: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleResult:
    """How many rows of a payload fail a rule of the contract, with a few of them as text."""

    name: str
    severity: str
    description: str
    failing: int
    examples: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """Something odd about a payload that counts all the same: what it is called, and a sentence.

    `status` is `warning`, or `information` for what is as usual and yet worth knowing.
    """

    code: str
    text: str
    status: str = "warning"


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """What is known of a payload under one definition, without looking at any other payload.

    `printed_at` is the time that its content prints as its own, in ISO 8601; `printed_clock` is
    the time of that day on a clock of twelve hours, where that is all it says.
    """

    file_id: str
    definition_id: str
    layout: str
    rows: int
    chunks: Mapping[str, Chunk]
    scope: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    unknown_headers: tuple[str, ...] = ()
    rules: tuple[RuleResult, ...] = ()
    printed_at: str | None = None
    printed_clock: str | None = None
    notes: tuple[Note, ...] = ()

    @property
    def amount(self) -> Decimal:
        """The exact sum of the amounts."""
        return sum((Decimal(chunk.amount) for chunk in self.chunks.values()), Decimal(0))

    @property
    def units(self) -> int | None:
        """The sum of the units over all rows, deductions too; null where no row tells any."""
        told = [chunk.units for chunk in self.chunks.values() if chunk.units is not None]
        return sum(told) if told else None

    @property
    def first(self) -> date | None:
        """The oldest period."""
        days = [chunk.first for chunk in self.chunks.values() if chunk.first]
        return date.fromisoformat(min(days)) if days else None

    @property
    def newest(self) -> date | None:
        """The newest period."""
        days = [chunk.last for chunk in self.chunks.values() if chunk.last]
        return date.fromisoformat(max(days)) if days else None

    def spans(self, partition: str) -> bool:
        """Whether a month, written YYYY-MM, or a year lies within the periods."""
        first, last = self.first, self.newest
        if first is None or last is None:
            return False
        length = len(partition)
        return first.isoformat()[:length] <= partition <= last.isoformat()[:length]

    def to_json(self) -> str:
        """The profile as JSON."""
        return json.dumps(asdict(self), indent=1, sort_keys=True, ensure_ascii=False) + "\n"

    @classmethod
    def from_json(cls, text: bytes) -> Profile:
        """Read what `to_json` wrote."""
        told: dict[str, Any] = json.loads(text)
        told["chunks"] = {key: Chunk(**chunk) for key, chunk in told["chunks"].items()}
        told["scope"] = {key: tuple(values) for key, values in told["scope"].items()}
        told["unknown_headers"] = tuple(told["unknown_headers"])
        told["rules"] = tuple(
            RuleResult(**{**rule, "examples": tuple(rule["examples"])}) for rule in told["rules"]
        )
        told["notes"] = tuple(Note(**note) for note in told["notes"])
        return cls(**told)


def read_profile(lake: Lake, table: str, definition_id: str, file_id: str) -> Profile | None:
    """The payload's profile under this definition, if it was read before."""
    key = f"{_folder(table, definition_id, file_id)}/profile.json"
    return Profile.from_json(lake.store.read(key)) if lake.store.exists(key) else None


def is_held(lake: Lake, table: str, definition_id: str, partition: str, fingerprint: str) -> bool:
    """Whether some payload's chunk with just these rows was written under a definition."""
    return lake.store.exists(_held_key(table, definition_id, partition, fingerprint))


def mark_held(lake: Lake, table: str, definition_id: str, partition: str, fingerprint: str) -> None:
    """Say that rows are held, so that a payload that repeats them need not write them again."""
    with suppress(AlreadyExistsError):
        lake.store.create(_held_key(table, definition_id, partition, fingerprint), b"")


def _held_key(table: str, definition_id: str, partition: str, fingerprint: str) -> str:
    return f"{_folder(table, definition_id, 'held')}/{partition or _WHOLE}/{fingerprint}"


def write_profile(lake: Lake, table: str, profile: Profile) -> None:
    """Keep a profile; its chunks are written before it."""
    key = f"{_folder(table, profile.definition_id, profile.file_id)}/profile.json"
    try:
        lake.store.create(key, profile.to_json().encode())
    except AlreadyExistsError:
        return  # the same payload under the same definition gives the same profile


@dataclass(frozen=True, slots=True, kw_only=True)
class ChunkFile:
    """A chunk's rows as a Parquet file that can stand in the table as it is.

    The file holds all columns of the contract but the partition, and the bookkeeping of the
    sighting for which it was written: account, `as_of` and `landed_at`.
    """

    rows: int
    size: int
    sha256: str
    account_id: str
    as_of: str | None
    landed_at: str


def chunk_key(table: str, definition_id: str, file_id: str, partition: str) -> str:
    """Where a chunk's Parquet file lies."""
    return f"{_folder(table, definition_id, file_id)}/{partition or _WHOLE}.parquet"


def chunk_path(lake: Lake, table: str, definition_id: str, file_id: str, partition: str) -> Path:
    """A local file with a chunk's rows as Parquet."""
    return lake.store.local(chunk_key(table, definition_id, file_id, partition))


def keep_chunk(lake: Lake, key: str, path: Path, told: ChunkFile) -> None:
    """Take a finished Parquet file over as a chunk; what is told of it is there before it is."""
    beside = path.with_suffix(".json")
    beside.write_text(json.dumps(asdict(told), sort_keys=True), encoding="utf-8")
    lake.store.put(_beside(key), beside)
    lake.store.put(key, path)


def read_chunk_file(lake: Lake, key: str) -> ChunkFile:
    """What is told of a chunk's file."""
    return ChunkFile(**json.loads(lake.store.read(_beside(key))))


def _beside(key: str) -> str:
    return key.removesuffix(".parquet") + ".chunk.json"


def read_note(lake: Lake, table: str, definition_id: str, name: str) -> bytes | None:
    """A kept result of comparing payloads, or None."""
    key = f"{_folder(table, definition_id, 'notes')}/{name}.json"
    return lake.store.read(key) if lake.store.exists(key) else None


def write_note(lake: Lake, table: str, definition_id: str, name: str, content: bytes) -> None:
    """Keep a result of comparing payloads under the hash of what was compared."""
    try:
        lake.store.create(f"{_folder(table, definition_id, 'notes')}/{name}.json", content)
    except AlreadyExistsError:
        return


def has_chunk(lake: Lake, table: str, definition_id: str, file_id: str, partition: str) -> bool:
    """Whether the chunk's rows were written; equal ones of an earlier payload may stand for them."""
    return lake.store.exists(chunk_key(table, definition_id, file_id, partition))


def forget_parts(lake: Lake, table: str | None = None) -> None:
    """Delete the parts of a table, or of all: they are made again from raw."""
    lake.store.delete(_PARTS if table is None else f"{_PARTS}/{table}")


def _folder(table: str, definition_id: str, file_id: str) -> str:
    return f"{_PARTS}/{table}/{definition_id}/{file_id}"
