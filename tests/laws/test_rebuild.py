"""Law 1: what can be made again is made again, equal, on any machine."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from five_sources.handing import KATHMANDU, elsewhere, told

from bedrot.pipeline.indexing import rebuild_catalogue
from bedrot.sources.distrokid.synthetic import CURRENT, sign_in_page
from bedrot.testing.lakes import (
    contents,
    copy_inputs,
    decide,
    publish,
    rebuild_lake,
    run_lake,
    standings_of,
    throwaway_lake,
    versions,
)
from bedrot.testing.ledgers import Export, export, line

pytestmark = pytest.mark.soak  # tests/laws/test_five_sources.py says it in short

if TYPE_CHECKING:
    from bedrot.zones.lake import Lake

LINES = [
    line("1.00000000", on="2025-03-31", title="I\u011fd\u0131r \u0130"),
    line("2.12345678", on="2025-04-01", store="TIDAL", country="NA"),
    line("-0.50000000", on="2025-04-01", artist="Ibrahim", song=2),
    line("0.00000001", on="2025-05-31", song=3, country="XK", store="Unheard Of"),
    line("16.00000000", on="2025-04-02", sold="2025-02", country="JP"),
]
FILES = [
    export(LINES[:3], "20250401_001500"),
    export([line("1.50000000", on="2025-03-31"), *LINES[1:]], "20250601_233000", layout=CURRENT),
    export(LINES[1:], None),
    export([LINES[0], *LINES[2:4]], "20250701_120000"),
]


@pytest.fixture(scope="module")
def lake(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lake]:
    """Four exports, one of them set aside and one decided upon; a page that is no data."""
    with throwaway_lake(tmp_path_factory.mktemp("rebuild") / "lake") as opened:
        page = Export(name="bank_details_20250801_120000.tsv", content=sign_in_page())
        *_, short, _ = publish(opened, *FILES, page)
        assert standings_of(opened, short.file_id)["lacks_lines"] == "set_aside"
        decide(opened, "withdraw", short.file_id, "lacks_lines")
        run_lake(opened)
        yield opened


def _folder(lake: Lake) -> Path:
    return Path(lake.name)


def test_a_rebuild_writes_no_version(lake: Lake) -> None:
    before = versions(lake)
    assert rebuild_lake(lake).outcome == "unchanged"
    assert versions(lake) == before


def test_a_lake_of_nothing_but_inputs_becomes_the_same(lake: Lake, tmp_path: Path) -> None:
    copy_inputs(_folder(lake), tmp_path / "copy")
    with throwaway_lake(tmp_path / "copy") as copy:
        rebuild_lake(copy)
        assert contents(copy) == contents(lake)


def test_without_its_tables_a_lake_makes_them_again(lake: Lake, tmp_path: Path) -> None:
    shutil.copytree(_folder(lake), tmp_path / "copy")
    for zone in ("staging", "curated"):
        shutil.rmtree(tmp_path / "copy" / zone)
    with throwaway_lake(tmp_path / "copy") as copy:
        run_lake(copy)
        assert contents(copy) == contents(lake)


def test_without_its_catalogue_a_lake_loses_nothing(lake: Lake, tmp_path: Path) -> None:
    shutil.copytree(_folder(lake), tmp_path / "copy")
    for file in (tmp_path / "copy").glob("catalogue.db*"):
        file.unlink()
    with throwaway_lake(tmp_path / "copy") as copy:
        rebuild_catalogue(copy)
        assert run_lake(copy).outcome == "unchanged"
        assert contents(copy) == contents(lake)


def test_a_rebuild_in_another_place_gives_equal_tables(lake: Lake, tmp_path: Path) -> None:
    copy_inputs(_folder(lake), tmp_path / "copy")
    made = told(elsewhere(tmp_path / "copy", tmp_path, "rebuild", **KATHMANDU))
    assert made["contents"] == contents(lake)
