"""What every merge starts from: distinct row sets, and the order in which captures showed them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from bedrot.engine.quoting import literal, moment, quoted

if TYPE_CHECKING:
    from bedrot.contracts.model import Contract


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdrawal:
    """What a capture speaks of: lines within its dates and scope that it lacks are gone."""

    first: date
    last: date
    scope: Mapping[str, Sequence[str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """One capture's rows of one partition, at its place in the walk.

    `chunk` numbers the distinct row sets; captures with equal rows share it, and so its file.
    `withdrawal` is set where a person declared that what this capture lacks is withdrawn; such a
    capture may have no rows of the partition, and then no chunk.
    """

    account_id: str
    chunk: int | None
    file_id: str
    as_of: datetime | None
    withdrawal: Withdrawal | None = None
    confirmed_at: datetime | None = None
    """When the same rows were last seen again, where that is the moment of the next sighting."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChunkRows:
    """A distinct row set: its Parquet file, the payload it stands in, and its amounts' scale."""

    chunk: int
    account_id: str
    path: Path
    file_id: str
    as_of: datetime | None
    landed_at: datetime
    scale: int


@dataclass(frozen=True, slots=True, kw_only=True)
class End:
    """How far the captures that tell a row set reach: to the newest day that one of them has told.

    A capture that does not tell a day confirms nothing of it, however late it is.
    """

    chunk: int
    scope: tuple[str, ...]
    newest: date


def lines_view(contract: Contract, partition: str, chunks: Sequence[ChunkRows]) -> str:
    """The statement that makes the view `lines`: the rows of all chunks, each with its `_chunk`."""
    names = [column.name for column in contract.read_columns]
    # A chunk's file holds all columns but the partition, like the table's own files.
    columns = ", ".join(
        f"{literal(partition)} as {quoted(name)}" if name == contract.partition else quoted(name)
        for name in names
    )
    selects = [
        f"select {literal(chunk.account_id)} as account_id, {columns}, "
        f"{literal(chunk.file_id)} as _file_id, _row, {moment(chunk.as_of)} as as_of, "
        f"{moment(chunk.landed_at)} as landed_at, {chunk.chunk} as _chunk "
        f"from read_parquet({literal(str(chunk.path))})"
        for chunk in chunks
    ]
    return "create or replace temp view lines as " + " union all ".join(selects)


def seniority(walk: Sequence[Sighting]) -> dict[int, int]:
    """The rank of each place by `as_of`, then payload hash: the origin of a row is the first.

    Among captures of one moment this is not the order of the walk, in which the smaller hash
    comes last, because it stands.
    """
    order = sorted(
        range(len(walk)),
        key=lambda place: (walk[place].as_of is not None, walk[place].as_of, walk[place].file_id),
    )
    return {place: rank for rank, place in enumerate(order)}


def steps_table(walk: Sequence[Sighting]) -> str:
    """The statement that makes the table `steps` of a walk.

    `seen_until` is when the same rows were last seen.
    """
    ranks = seniority(walk)
    rows = ", ".join(
        f"({place}, {sighting.chunk}, {literal(sighting.file_id)}, {moment(sighting.as_of)}, "
        f"{moment(sighting.confirmed_at or sighting.as_of)}, {ranks[place]})"
        for place, sighting in enumerate(walk)
        if sighting.chunk is not None
    )
    return (
        "create or replace temp table steps as select * from "
        f"(values {rows}) as told (place, _chunk, file_id, as_of, seen_until, seniority)"
    )
