"""A lake that stays empty, and captures of statistics pages as plain values."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

import pytest

from bedrot.catalog.records import CaptureRecord
from bedrot.testing.lakes import NOW, throwaway_lake
from bedrot.zones.lake import Lake

Seen = Callable[..., CaptureRecord]


@pytest.fixture(scope="session")
def empty_lake(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lake]:
    with throwaway_lake(tmp_path_factory.mktemp("empty") / "lake") as lake:
        yield lake


@pytest.fixture
def seen() -> Seen:
    """That a page was seen: `content` stands for its bytes."""

    def capture(
        content: str = "a",
        *,
        name: str = "page.html",
        account: str = "main",
        stated: datetime | None = None,
        **other: Any,
    ) -> CaptureRecord:
        return CaptureRecord(
            source="distrokid",
            stream="apple_daily",
            account_id=account,
            sha256=hashlib.sha256(content.encode()).hexdigest(),
            size_bytes=1,
            name=name,
            landed_at=NOW,
            as_of_stated=stated,
            **other,
        )

    return capture
