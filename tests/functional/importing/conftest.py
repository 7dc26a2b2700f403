"""A lake, a folder to hand over, and files of every sort."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from bedrot.pipeline.bringing import Imported, Stated
from bedrot.pipeline.importing import import_paths
from bedrot.sources.distrokid.synthetic import EarningsLine
from bedrot.testing.lakes import NOW, throwaway_lake
from bedrot.zones.lake import Lake

Bring = Callable[..., dict[str, Imported]]
Zipped = Callable[..., bytes]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / "lake"


@pytest.fixture
def lake(root: Path) -> Iterator[Lake]:
    with throwaway_lake(root) as opened:
        yield opened


@pytest.fixture
def given(tmp_path: Path) -> Path:
    folder = tmp_path / "given"
    folder.mkdir()
    return folder


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


@pytest.fixture
def bring(lake: Lake, given: Path) -> Bring:
    """Import a folder, or the paths that are named; what became of each, by its name."""

    def import_all(
        *paths: Path,
        account: str | None = None,
        as_of: datetime | None = None,
        source: str | None = None,
        window: tuple[date, date] | None = None,
        dry_run: bool = False,
        now: datetime = NOW,
        before: Callable[[str, str], None] = lambda _shown, _what: None,
    ) -> dict[str, Imported]:
        done = import_paths(
            lake,
            paths or [given],
            stated=Stated(account_id=account, as_of=as_of, source=source, window=window),
            now=lambda: now,
            dry_run=dry_run,
            before=before,
        )
        return {told.shown.removeprefix(f"{given}/"): told for told in done}

    return import_all


@pytest.fixture
def zipped() -> Zipped:
    """The bytes of a zip archive."""

    def make(
        members: Mapping[str, bytes],
        *,
        when: tuple[int, int, int, int, int, int] = (2025, 5, 27, 10, 29, 36),
        compression: int = zipfile.ZIP_DEFLATED,
    ) -> bytes:
        held = io.BytesIO()
        with zipfile.ZipFile(held, "w") as archive:
            for name, content in members.items():
                archive.writestr(zipfile.ZipInfo(name, when), content, compression)
        return held.getvalue()

    return make


@pytest.fixture
def holds(root: Path) -> Callable[[bytes], list[str]]:
    """The lake's files in whose name or content some bytes stand."""

    def search(marker: bytes) -> list[str]:
        return [
            str(path.relative_to(root))
            for path in root.rglob("*")
            if path.is_file() and (marker in path.read_bytes() or marker in str(path).encode())
        ]

    return search
