"""One session for all readings of a module, and the gate of a lake that stays empty."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest

from bedrot.app import create_lake
from bedrot.engine.session import connect
from bedrot.pipeline.payloads import Payload, examine, load_aliases
from bedrot.sources.distrokid import EARNINGS
from bedrot.sources.distrokid.synthetic import EarningsLine
from bedrot.zones.lake import Lake
from bedrot.zones.parts import Profile

Typed = Callable[[bytes], list[dict[str, Any]]]
Gate = Callable[[bytes], Profile]


@pytest.fixture
def line() -> EarningsLine:
    return EarningsLine(
        reporting_date=date(2025, 5, 24),
        sale_month="2025-03",
        store="Spotify",
        artist="The Tin Almanac",
        title="Said the Sea",
        isrc="ZZBDR2500001",
        upc="400000000013",
        quantity=12,
        country="DE",
        earnings=Decimal("0.03120000"),
    )


@pytest.fixture(scope="module")
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    session = connect(threads=2)
    for name, text in EARNINGS.aliases.items():
        load_aliases(session, name, text)
    yield session
    session.close()


@pytest.fixture
def typed(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> Typed:
    """The typed rows of an export, in the order of its records."""

    def read(content: bytes) -> list[dict[str, Any]]:
        path = tmp_path / "export.dat"
        path.write_bytes(content)
        EARNINGS.read(con, path, EARNINGS, tmp_path / "spool", frozenset())
        cursor = con.execute(f"select * from ({EARNINGS.sql}) order by _row")
        names = [column[0] for column in cursor.description or ()]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

    return read


@pytest.fixture(scope="module")
def lake(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lake]:
    made, _ = create_lake(tmp_path_factory.mktemp("lake"))
    yield made
    made.catalog.dispose()


@pytest.fixture
def gate(lake: Lake, tmp_path: Path) -> Gate:
    """What the gate makes of an export: its profile, or the error."""

    def judge(content: bytes) -> Profile:
        path = tmp_path / "export.dat"
        path.write_bytes(content)
        return examine(lake, EARNINGS, Payload(path=path, file_id="0" * 16))

    return judge
