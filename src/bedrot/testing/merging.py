"""The ledger merge by itself: captures as plain values, merged as one partition."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq

from bedrot.contracts.model import BOOKKEEPING, Column, Contract
from bedrot.contracts.schema import arrow_schema
from bedrot.merge.ledger import COARSE_SCALE, FINE_SCALE, forget_merge, merge_partition
from bedrot.merge.sightings import ChunkRows, Sighting, Withdrawal

if TYPE_CHECKING:
    import duckdb

PARTITION = "2025-03"
"""The one month of closing dates that all sales here have."""
_LANDED = datetime(2026, 1, 1, tzinfo=UTC)


def _column(name: str, logical_type: str, sql_type: str) -> Column:
    return Column(name=name, logical_type=logical_type, sql_type=sql_type, description=name)


LEDGER = Contract(
    id="stg-shop-sales",
    table="stg_shop__sales",
    version="1.0.0",
    kind="ledger",
    status="active",
    description="Sales of a shop; a line is known by account, day and song.",
    owner="finance",
    columns=(
        _column("account_id", "string", "varchar"),
        _column("closing_date", "date", "date"),
        _column("closing_month", "string", "varchar"),
        _column("song", "string", "varchar"),
        _column("title", "string", "varchar"),
        _column("artist", "string", "varchar"),
        _column("units", "integer", "bigint"),
        _column("net_usd", "number", "decimal(22,12)"),
        *BOOKKEEPING,
    ),
    partition="closing_month",
    properties={
        "businessKey": ["account_id", "closing_date", "song"],
        "closingDate": "closing_date",
        "amount": "net_usd",
        "units": "units",
        "scope": ["artist"],
    },
)


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Sale:
    """One line of the ledger."""

    song: str = "song"
    net: Decimal
    units: int = 1
    title: str = "Title"
    artist: str = "Ada"
    day: date = date(2025, 3, 20)


def sale(net: str, song: str = "song", **other: Any) -> Sale:  # noqa: ANN401 - any field of a sale
    """One line, its amount as text."""
    return Sale(net=Decimal(net), song=song, **other)


@dataclass(frozen=True, slots=True, kw_only=True)
class Capture:
    """What a payload (`file_id` stands for its hash) said at a time."""

    file_id: str
    day: int | None
    """Day of June 2025 on which it was true; None where that is not known."""
    sales: tuple[Sale, ...]
    account_id: str = "main"
    is_withdrawing: bool = False

    @property
    def as_of(self) -> datetime | None:
        """When it was true."""
        return None if self.day is None else datetime(2025, 6, self.day, tzinfo=UTC)

    @property
    def scale(self) -> int:
        """The scale of its amounts."""
        is_coarse = all(round(one.net, COARSE_SCALE) == one.net for one in self.sales)
        return COARSE_SCALE if is_coarse else FINE_SCALE


def capture(file_id: str, day: int | None, *sales: Sale, account_id: str = "main") -> Capture:
    """A payload that was seen on a day."""
    return Capture(file_id=file_id, day=day, sales=sales, account_id=account_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Merged:
    """What came out: account, sale and payload of every line; and the restatements."""

    lines: tuple[tuple[str, Sale, str], ...]
    restated: tuple[tuple[str, Decimal, Decimal, str, bool], ...]
    """Song, old amount, new amount, the payload that changed it, is a conflict."""

    @property
    def nets(self) -> list[str]:
        """The amounts, sorted, without trailing zeros."""
        return [f"{one.net.normalize():f}" for _, one, _ in sorted(self.lines)]


Merge = Callable[..., Merged]


def in_time(captures: Sequence[Capture]) -> list[Capture]:
    """Oldest first, unknown before all; among equals the smaller payload hash last."""
    by_hash = sorted(captures, key=lambda c: c.file_id, reverse=True)
    return sorted(by_hash, key=lambda c: -1 if c.day is None else c.day)


def merge_captures(
    con: duckdb.DuckDBPyConnection, folder: Path, captures: Sequence[Capture]
) -> Merged:
    """Merge captures of one partition."""
    chunks: dict[tuple[str, tuple[Sale, ...]], ChunkRows] = {}
    walk = []
    for seen in in_time(captures):
        key = (seen.account_id, tuple(sorted(seen.sales)))
        if seen.sales and key not in chunks:
            chunks[key] = _chunk(folder, seen, len(chunks))
        walk.append(
            Sighting(
                account_id=seen.account_id,
                chunk=chunks[key].chunk if seen.sales else None,
                file_id=seen.file_id,
                as_of=seen.as_of,
                withdrawal=_withdrawal(seen) if seen.is_withdrawing else None,
            )
        )
    try:
        merge_partition(con, LEDGER, PARTITION, list(chunks.values()), walk)
        return Merged(lines=_lines(con), restated=_restated(con))
    finally:
        forget_merge(con)


def _chunk(folder: Path, seen: Capture, number: int) -> ChunkRows:
    path = folder / f"chunk-{number}.parquet"
    # A chunk's file holds the rows as they stand in the payload, without the partition.
    schema = arrow_schema(LEDGER)
    rows = [
        {
            "closing_date": one.day,
            "song": one.song,
            "title": one.title,
            "artist": one.artist,
            "units": one.units,
            "net_usd": one.net,
            "_row": ordinal,
        }
        for ordinal, one in enumerate(seen.sales, start=1)
    ]
    fields = pa.schema([schema.field(name) for name in rows[0]])
    pq.write_table(pa.Table.from_pylist(rows, schema=fields), path)
    return ChunkRows(
        chunk=number,
        account_id=seen.account_id,
        path=path,
        file_id=seen.file_id,
        as_of=seen.as_of,
        landed_at=_LANDED,
        scale=seen.scale,
    )


def _withdrawal(seen: Capture) -> Withdrawal:
    days = [one.day for one in seen.sales] or [date(2025, 3, 1), date(2025, 3, 31)]
    artists = sorted({one.artist for one in seen.sales}) or ["Ada"]
    return Withdrawal(first=min(days), last=max(days), scope={"artist": artists})


def _lines(con: duckdb.DuckDBPyConnection) -> tuple[tuple[str, Sale, str], ...]:
    rows = con.execute(
        "select account_id, song, net_usd, units, title, artist, closing_date, _file_id from merged"
    ).fetchall()
    return tuple(
        sorted(
            (
                account,
                Sale(song=song, net=net, units=units, title=title, artist=artist, day=day),
                file,
            )
            for account, song, net, units, title, artist, day, file in rows
        )
    )


def _restated(
    con: duckdb.DuckDBPyConnection,
) -> tuple[tuple[str, Decimal, Decimal, str, bool], ...]:
    return tuple(
        con.execute(
            "select song, old_amount, new_amount, file_id, is_conflict from restated "
            "order by as_of nulls first, song, file_id desc, old_amount"
        ).fetchall()
    )
