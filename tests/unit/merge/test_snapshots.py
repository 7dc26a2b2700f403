"""Kinds whose rows belong to a moment: totals since the start, levels, and descriptions."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from bedrot.contracts.model import BOOKKEEPING, Column, Contract
from bedrot.merge.kinds import forget_merge, merge_partition
from bedrot.merge.sightings import ChunkRows, Sighting

if TYPE_CHECKING:
    import duckdb

Rows = list[tuple[Any, ...]]
Merged = Callable[..., tuple[Rows, Rows]]


def _column(name: str, sql_type: str, logical_type: str = "string") -> Column:
    return Column(name=name, logical_type=logical_type, sql_type=sql_type, description=name)


_TIME = "timestamp with time zone"
LIFETIME = Contract(
    id="stg-shop-totals",
    table="stg_shop__totals",
    version="1.0.0",
    kind="lifetime",
    status="active",
    description="Totals of a campaign.",
    owner="data",
    columns=(
        _column("account_id", "varchar"),
        _column("item", "varchar"),
        _column("total", "bigint", "integer"),
        _column("snapshot_at", _TIME, "timestamp"),
        *BOOKKEEPING,
    ),
    key=("account_id", "item", "snapshot_at"),
    properties={"measures": ["total"]},
)
STOCK = replace(
    LIFETIME,
    kind="stock",
    columns=(*LIFETIME.columns[:3], _column("read_date", "date", "date"), *BOOKKEEPING),
    key=("account_id", "item", "read_date"),
)
DIMENSION = replace(
    LIFETIME,
    kind="dimension",
    columns=(
        *LIFETIME.columns[:3],
        _column("valid_from", _TIME, "timestamp"),
        _column("valid_to", _TIME, "timestamp"),
        *BOOKKEEPING,
    ),
    key=("account_id", "item", "valid_from"),
)


def _at(day: int | None, hour: int = 0) -> datetime | None:
    return None if day is None else datetime(2025, 6, day, hour, tzinfo=UTC)


@pytest.fixture
def merged(_session: duckdb.DuckDBPyConnection, tmp_path: Path) -> Merged:
    """Merge sightings, oldest first: (payload, moment, {item: total})."""

    def merge(contract: Contract, *seen: tuple[str, datetime | None, dict[str, int]]) -> Any:
        chunks, walk = [], []
        for number, (file_id, moment, totals) in enumerate(seen):
            path = tmp_path / f"{number}.parquet"
            held = {"item": list(totals), "total": list(totals.values())}
            pq.write_table(pa.table({**held, "_row": list(range(1, len(totals) + 1))}), path)
            told = {"account_id": "main", "file_id": file_id, "as_of": moment}
            chunks.append(
                ChunkRows(
                    chunk=number,
                    path=path,
                    landed_at=datetime(2026, 1, 1, tzinfo=UTC),
                    scale=0,
                    **told,
                )
            )
            walk.append(Sighting(chunk=number, **told))
        made = [c.name for c in contract.columns if c.name in {"snapshot_at", "read_date"}]
        made += [c.name for c in contract.columns if c.name.startswith("valid_")]
        told_of = ", ".join(f"strftime({name}, '%d')" for name in made)
        try:
            merge_partition(_session, contract, "", chunks, walk)
            rows = _session.execute(
                f"select item, total, _file_id, {told_of} from merged order by all"
            ).fetchall()
            changes = _session.execute(
                "select item, old_value, new_value, is_conflict from restated order by all"
            ).fetchall()
        finally:
            forget_merge(_session, contract)
        return rows, changes

    return merge


def test_every_snapshot_of_a_total_is_kept(merged: Merged) -> None:
    rows, changes = merged(LIFETIME, ("a", _at(1), {"x": 5}), ("b", _at(3), {"x": 9}))
    assert rows == [("x", 5, "a", "01"), ("x", 9, "b", "03")]
    assert changes == []


def test_an_unchanged_total_is_a_snapshot_too(merged: Merged) -> None:
    rows, _ = merged(LIFETIME, ("a", _at(1), {"x": 5}), ("a", _at(2), {"x": 5}))
    assert [row[-1] for row in rows] == ["01", "02"]


def test_two_totals_of_one_moment_are_a_conflict_and_the_later_in_the_walk_stands(
    merged: Merged,
) -> None:
    rows, changes = merged(LIFETIME, ("b", _at(1), {"x": 5}), ("a", _at(1), {"x": 6}))
    assert rows == [("x", 6, "a", "01")]
    assert changes == [("x", 5, 6, True)]


def test_a_level_is_the_newest_reading_of_its_day(merged: Merged) -> None:
    seen = (("a", _at(1, 8), {"x": 5}), ("b", _at(1, 20), {"x": 7}), ("c", _at(2), {"x": 7}))
    rows, changes = merged(STOCK, *seen)
    assert rows == [("x", 7, "b", "01"), ("x", 7, "c", "02")]
    assert changes == [("x", 5, 7, False)]


def test_a_description_has_a_row_for_every_change(merged: Merged) -> None:
    seen = (
        ("a", _at(1), {"x": 1, "y": 1}),
        ("b", _at(2), {"x": 1}),
        ("c", _at(3), {"x": 2}),
        ("d", _at(4), {"x": 1}),
    )
    rows, changes = merged(DIMENSION, *seen)
    assert rows == [
        ("x", 1, "a", "01", "03"),
        ("x", 1, "d", "04", None),
        ("x", 2, "c", "03", "04"),
        ("y", 1, "a", "01", None),
    ]
    assert changes == []


def test_a_description_of_unknown_time_comes_before_all(merged: Merged) -> None:
    rows, _ = merged(DIMENSION, ("a", None, {"x": 1}), ("b", _at(2), {"x": 2}))
    assert rows == [("x", 1, "a", None, "02"), ("x", 2, "b", "02", None)]
