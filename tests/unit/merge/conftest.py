"""The merge of a partition, in one session for all tests."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bedrot.engine.session import connect
from bedrot.testing.merging import Capture, Merge, Merged, merge_captures


@pytest.fixture(scope="session")
def merge(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Merge]:
    folder: Path = tmp_path_factory.mktemp("merge")
    con = connect(threads=1)

    def merged(*captures: Capture) -> Merged:
        return merge_captures(con, folder, captures)

    yield merged
    con.close()
