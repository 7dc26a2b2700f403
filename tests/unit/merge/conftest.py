"""The merge of a partition, in one session for all tests."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from bedrot.engine.session import connect
from bedrot.testing.daily_merging import (
    FLOW,
    WINDOW,
    DailyCapture,
    DailyMerged,
    MergeDaily,
    merge_daily,
)
from bedrot.testing.merging import Capture, Merge, Merged, merge_captures

if TYPE_CHECKING:
    import duckdb


@pytest.fixture(scope="session")
def _session() -> Iterator[duckdb.DuckDBPyConnection]:
    con = connect(threads=1)
    yield con
    con.close()


@pytest.fixture(scope="session")
def _folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("merge")


@pytest.fixture(scope="session")
def merge(_session: duckdb.DuckDBPyConnection, _folder: Path) -> Merge:
    def merged(*captures: Capture) -> Merged:
        return merge_captures(_session, _folder, captures)

    return merged


@pytest.fixture(scope="session")
def merge_flow(_session: duckdb.DuckDBPyConnection, _folder: Path) -> MergeDaily:
    def merged(*captures: DailyCapture) -> DailyMerged:
        return merge_daily(_session, _folder, FLOW, captures)

    return merged


@pytest.fixture(scope="session")
def merge_window(_session: duckdb.DuckDBPyConnection, _folder: Path) -> MergeDaily:
    def merged(*captures: DailyCapture) -> DailyMerged:
        return merge_daily(_session, _folder, WINDOW, captures)

    return merged
