"""How many of the days that two captures tell are lower, or other, in the newer one."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from bedrot.engine.session import connect
from bedrot.quality.settled_days import DaysCompared, compare_days
from bedrot.testing.daily_merging import FLOW, Figure, figure

Compare = Callable[..., DaysCompared]
UNTIL = figure(20, 0).day


@pytest.fixture(scope="module")
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    with connect(threads=1) as session:
        yield session


@pytest.fixture
def compare(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> Compare:
    schema = pa.schema(
        [
            ("scope", pa.string()),
            ("day", pa.date32()),
            ("streams", pa.int64()),
            ("saves", pa.int64()),
        ]
    )

    def written(name: str, figures: Sequence[Figure]) -> Path:
        rows = [{column: getattr(one, column) for column in schema.names} for one in figures]
        pq.write_table(pa.Table.from_pylist(rows, schema=schema), tmp_path / name)
        return tmp_path / name

    def compared(
        older: Sequence[Figure], newer: Sequence[Figure], until: date = UNTIL
    ) -> DaysCompared:
        paths = {"older": written("older", older), "newer": written("newer", newer)}
        return compare_days(con, FLOW, until=until, older=[paths["older"]], newer=paths["newer"])

    return compared


def test_only_days_of_both_captures_are_compared(compare: Compare) -> None:
    told = compare([figure(1, 5), figure(2, 5)], [figure(2, 5), figure(3, 5)])
    assert told == DaysCompared(compared=1, lowered=0, changed=0)


def test_nothing_in_common_is_nothing_compared(compare: Compare) -> None:
    assert compare([figure(1, 5)], [figure(2, 5)]).compared == 0


def test_a_lower_day_is_lowered_and_changed_and_a_higher_one_only_changed(
    compare: Compare,
) -> None:
    told = compare(
        [figure(1, 5), figure(2, 5), figure(3, 5)], [figure(1, 4), figure(2, 6), figure(3, 5)]
    )
    assert (told.compared, told.lowered, told.changed) == (3, 1, 2)
    assert told.examples == ("2025-03-01: 5 to 4, 0 to 0",)


def test_days_after_the_last_settled_one_are_left_out(compare: Compare) -> None:
    older, newer = [figure(20, 5), figure(21, 5)], [figure(20, 4), figure(21, 4)]
    told = compare(older, newer)
    assert (told.compared, told.lowered) == (1, 1)


def test_any_lower_measure_lowers_a_day_which_counts_once(compare: Compare) -> None:
    told = compare([figure(1, 5, saves=5)], [figure(1, 9, saves=4)])
    assert (told.lowered, told.changed) == (1, 1)


@pytest.mark.parametrize(
    ("old", "new", "is_changed"), [(None, 5, 1), (5, None, 1), (None, None, 0)]
)
def test_unknown_is_no_lower_value(
    compare: Compare, old: int | None, new: int | None, is_changed: int
) -> None:
    told = compare([figure(1, old)], [figure(1, new)])
    assert (told.compared, told.lowered, told.changed) == (1, 0, is_changed)


def test_scopes_are_compared_each_with_itself(compare: Compare) -> None:
    track = replace(figure(1, 2), scope="track:1")
    assert compare([figure(1, 5), track], [track]).lowered == 0


def test_the_first_three_lowered_days_are_told(compare: Compare) -> None:
    older, newer = ([figure(n, value) for n in (4, 3, 2, 1)] for value in (5, 1))
    told = compare(older, newer)
    assert told.lowered == 4
    assert [example[:10] for example in told.examples] == ["2025-03-01", "2025-03-02", "2025-03-03"]
