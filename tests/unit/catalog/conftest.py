from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa

from bedrot.catalog.index import open_catalog, sqlite_url
from bedrot.catalog.records import CaptureRecord, Standing

NOON = datetime(2025, 5, 1, 12, tzinfo=UTC)


@pytest.fixture
def url(tmp_path: Path) -> str:
    return sqlite_url(tmp_path / "catalogue.sqlite")


@pytest.fixture
def engine(url: str) -> sa.Engine:
    return open_catalog(url)


@pytest.fixture
def capture() -> CaptureRecord:
    return CaptureRecord(
        source="distrokid",
        stream="earnings",
        account_id="label",
        sha256="a1" * 32,
        size_bytes=120,
        name="exports/two_tracks_one_refund.tsv",
        landed_at=NOON,
        container="year.zip#00ff00ff00ff00ff",
        member_time=datetime(2025, 4, 30, 23, 59, 59, 250000, tzinfo=UTC),
        parameters={"months": ["2025-03", "2025-04"], "share": 0.5, "title": "Über 100 %"},
        redactions={"e-mail": 2},
    )


@pytest.fixture
def standing() -> Callable[..., Standing]:
    first = Standing(
        file_id="a1" * 8,
        source="distrokid",
        stream="earnings",
        name="exports/cut.tsv",
        origin="standing",
        status="set_aside",
        code="truncated",
        reason="the last record has no end",
        seen="0.0012",
        next_step="export it again",
        judged_at=NOON,
    )

    def make(**changes: str) -> Standing:
        return replace(first, **changes)

    return make
