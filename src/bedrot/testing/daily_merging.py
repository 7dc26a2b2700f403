"""The merges of daily figures by themselves: captures as plain values, merged as one partition."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq

from bedrot.contracts.model import BOOKKEEPING, PROVISIONAL, Column, Contract
from bedrot.contracts.schema import arrow_schema
from bedrot.merge.kinds import forget_merge, merge_partition
from bedrot.merge.sightings import ChunkRows, End, Sighting

if TYPE_CHECKING:
    import duckdb

PARTITION = "2025-03"
"""The month that is merged; days beyond it tell only how far a capture reaches."""
MEASURES = ("streams", "saves")
_FIRST_DAY = date(2025, 3, 1)
_LAST_DAY = date(2025, 3, 31)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_LANDED = datetime(2026, 1, 1, tzinfo=UTC)


def _column(name: str, logical_type: str, sql_type: str) -> Column:
    return Column(name=name, logical_type=logical_type, sql_type=sql_type, description=name)


_COLUMNS = (
    _column("account_id", "string", "varchar"),
    _column("scope", "string", "varchar"),
    _column("day", "date", "date"),
    _column("month", "string", "varchar"),
    _column("item", "string", "varchar"),
    _column("streams", "integer", "bigint"),
    _column("saves", "integer", "bigint"),
)

FLOW = Contract(
    id="stg-shop-daily",
    table="stg_shop__daily",
    version="1.0.0",
    kind="flow",
    status="active",
    description="Figures of a day; the item is a text beside them.",
    owner="finance",
    columns=(*_COLUMNS, _column(PROVISIONAL, "boolean", "boolean"), *BOOKKEEPING),
    key=("account_id", "scope", "day"),
    partition="month",
    properties={
        "period": "day",
        "measures": list(MEASURES),
        "scope": ["scope"],
        "provisionalDays": 2,
    },
)
WINDOW = replace(
    FLOW,
    id="stg-shop-lists",
    table="stg_shop__lists",
    kind="window",
    description="Items of a list, told whole for each window; `day` is the window's last one.",
    columns=(*_COLUMNS, *BOOKKEEPING),
    key=("account_id", "scope", "day", "item"),
    properties={
        "period": "day",
        "measures": list(MEASURES),
        "whole": ["account_id", "scope", "day"],
        "scope": ["scope"],
    },
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One row of a capture."""

    day: date
    streams: int | None
    saves: int | None = 0
    scope: str = "all"
    item: str = "song"


def figure(day: int, streams: int | None, **other: Any) -> Figure:  # noqa: ANN401 - any field
    """The row of a day that is counted from 1 March on; 32 is 1 April, in the next partition."""
    return Figure(day=_FIRST_DAY + timedelta(days=day - 1), streams=streams, **other)


@dataclass(frozen=True, slots=True, kw_only=True)
class DailyCapture:
    """What a payload (`file_id` stands for its hash) said at a time."""

    file_id: str
    day: int | None
    """Day of June 2025 on which it was true; None where that is not known."""
    figures: tuple[Figure, ...]
    account_id: str = "main"

    @property
    def as_of(self) -> datetime | None:
        """When it was true."""
        return None if self.day is None else datetime(2025, 6, self.day, tzinfo=UTC)

    @property
    def merged_figures(self) -> tuple[Figure, ...]:
        """The rows within the partition, sorted."""
        held = [one for one in self.figures if one.day <= _LAST_DAY]
        return tuple(sorted(held, key=repr))


def daily(
    file_id: str, day: int | None, *figures: Figure, account_id: str = "main"
) -> DailyCapture:
    """A payload that was seen on a day."""
    return DailyCapture(file_id=file_id, day=day, figures=figures, account_id=account_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A merged row and where it comes from; only a flow says whether it is provisional."""

    account_id: str
    figure: Figure
    file_id: str
    as_of: datetime | None
    is_provisional: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A restatement of one measure of one key."""

    account_id: str
    scope: str
    day: date
    item: str | None
    measure: str
    old: int | None
    new: int | None
    file_id: str
    is_conflict: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class DailyMerged:
    """What came out, sorted; `stands` says whether a chunk's file may stand as it is."""

    rows: tuple[Row, ...]
    changes: tuple[Change, ...]
    stands: bool

    @property
    def streams(self) -> list[int | None]:
        """The streams of all rows, in the order of account, scope, day and item."""
        return [row.figure.streams for row in self.rows]

    @property
    def provisional(self) -> list[int]:
        """The days of March that are provisional."""
        return [row.figure.day.day for row in self.rows if row.is_provisional]

    @property
    def told(self) -> list[tuple[str, int | None, int | None, str]]:
        """Measure, old value, new value and payload of every change, in the order of time."""
        return [(one.measure, one.old, one.new, one.file_id) for one in self.changes]


MergeDaily = Callable[..., DailyMerged]


def daily_in_time(captures: Sequence[DailyCapture]) -> list[DailyCapture]:
    """Oldest first, unknown before all; among equals the smaller payload hash last."""
    by_hash = sorted(captures, key=lambda c: c.file_id, reverse=True)
    return sorted(by_hash, key=lambda c: -1 if c.day is None else c.day)


def merge_daily(
    con: duckdb.DuckDBPyConnection,
    folder: Path,
    contract: Contract,
    captures: Sequence[DailyCapture],
) -> DailyMerged:
    """Merge captures of one partition; at least one has to have a row there."""
    chunks: dict[tuple[str, tuple[Figure, ...]], ChunkRows] = {}
    # The file of equal rows is the one of their earliest capture, the smaller hash first.
    for seen in sorted(captures, key=lambda c: (-1 if c.day is None else c.day, c.file_id)):
        key = (seen.account_id, seen.merged_figures)
        if seen.merged_figures and key not in chunks:
            chunks[key] = _chunk(folder, contract, seen, len(chunks))
    walk = [
        Sighting(
            account_id=seen.account_id,
            chunk=chunks[seen.account_id, seen.merged_figures].chunk,
            file_id=seen.file_id,
            as_of=seen.as_of,
        )
        for seen in daily_in_time(captures)
        if seen.merged_figures
    ]
    newest: dict[tuple[int, str], date] = {}
    for seen in captures:
        for one in seen.figures if seen.merged_figures else ():
            told = (chunks[seen.account_id, seen.merged_figures].chunk, one.scope)
            newest[told] = max(newest.get(told, one.day), one.day)
    ends = [End(chunk=n, scope=(scope,), newest=day) for (n, scope), day in newest.items()]
    try:
        sole = merge_partition(con, contract, PARTITION, list(chunks.values()), walk, ends)
        rows, changes = _rows(con, contract), _changes(con, contract)
        return DailyMerged(rows=rows, changes=changes, stands=sole is not None)
    finally:
        forget_merge(con, contract)


def _chunk(folder: Path, contract: Contract, seen: DailyCapture, number: int) -> ChunkRows:
    path = folder / f"chunk-{number}.parquet"
    schema = arrow_schema(contract)
    rows = [
        {
            "scope": one.scope,
            "day": one.day,
            "item": one.item,
            "streams": one.streams,
            "saves": one.saves,
            "_row": ordinal,
        }
        for ordinal, one in enumerate(seen.merged_figures, start=1)
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
        scale=0,
    )


def _rows(con: duckdb.DuckDBPyConnection, contract: Contract) -> tuple[Row, ...]:
    names = [column.name for column in contract.columns]
    provisional = PROVISIONAL if PROVISIONAL in names else "null"
    told = con.execute(
        "select account_id, scope, day, item, streams, saves, _file_id, "
        f"epoch_us(as_of), {provisional} from merged order by account_id, scope, day, item"
    ).fetchall()
    return tuple(
        Row(
            account_id=account_id,
            figure=Figure(day=day, streams=streams, saves=saves, scope=scope, item=item),
            file_id=file_id,
            as_of=None if as_of is None else _EPOCH + timedelta(microseconds=as_of),
            is_provisional=is_provisional,
        )
        for account_id, scope, day, item, streams, saves, file_id, as_of, is_provisional in told
    )


def _changes(con: duckdb.DuckDBPyConnection, contract: Contract) -> tuple[Change, ...]:
    item = "item" if "item" in contract.key else "null"
    told = con.execute(
        f"select account_id, scope, day, {item}, measure, old_value, new_value, file_id, "
        "is_conflict from restated "
        "order by as_of nulls first, file_id desc, account_id, scope, day, 4, measure"
    ).fetchall()
    return tuple(
        Change(
            account_id=account_id,
            scope=scope,
            day=day,
            item=item_key,
            measure=measure,
            old=old,
            new=new,
            file_id=file_id,
            is_conflict=is_conflict,
        )
        for account_id, scope, day, item_key, measure, old, new, file_id, is_conflict in told
    )
