"""Law 1 over royalty lines and daily figures together: the order in which files came is nothing."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

from bedrot.catalog import index
from bedrot.sources.distrokid.synthetic import CURRENT
from bedrot.testing.lakes import (
    bring_in,
    contents,
    publish,
    rows_of,
    run_lake,
    throwaway_lake,
    versions,
)
from bedrot.testing.ledgers import Export, export, line
from bedrot.testing.pages import APPLE, SPOTIFY, THEIRS, days, items, page

pytestmark = pytest.mark.soak  # tests/laws/test_five_sources.py says it in short

if TYPE_CHECKING:
    from bedrot.zones.lake import Lake

DAYS = days("2025-04-21", *range(100, 120))
ONCE = DAYS | days("2025-05-02", 7)
"""A day that is restated, and then told as before: A, B, A."""
FILES = [
    export([line("1.00000000"), line("4.00000000", on="2025-04-20")], "20250601"),
    export([line("2.00000000"), line("4.00000000", on="2025-04-20")], "20250701", layout=CURRENT),
    page(SPOTIFY, DAYS, "20250512"),
    page(SPOTIFY, ONCE, "20250514"),
    page(SPOTIFY, DAYS | days("2025-05-11", 1, 2, 3), "20250516"),
    # Two pages of one moment that disagree: a conflict.
    page(SPOTIFY, DAYS | days("2025-05-09", 55), "20250517"),
    page(SPOTIFY, DAYS | days("2025-05-09", 66), "20250517"),
    # Two lists of one window, of which the newer one lacks an item; and one of another window.
    page(APPLE, DAYS, "20250512_080000", lists={"tracks": items(Hail=9, Sea=7)}),
    page(APPLE, ONCE, "20250512_200000", lists={"tracks": items(Hail=10), "albums": items(Sky=3)}),
    page(APPLE, DAYS | days("2025-05-11", 8, 9), "20250514", lists={"tracks": items(Sea=8)}),
    # Set aside: another holder's page, and one of which every day is lower.
    page(SPOTIFY, days("2025-04-21", *range(200, 225)), "20250518", holder=THEIRS),
    page(SPOTIFY, days("2025-04-21", *range(20)), "20250519"),
    # Another account.
    page(SPOTIFY, days("2025-04-25", *range(300, 310)), "20250518", account_id="second"),
]


@pytest.fixture(scope="module")
def lake(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lake]:
    """All files at once."""
    with throwaway_lake(tmp_path_factory.mktemp("daily") / "lake") as opened:
        publish(opened, *FILES)
        yield opened


@pytest.fixture(scope="module")
def expected(lake: Lake) -> Mapping[str, str]:
    return contents(lake)


def _batches(seed: int) -> list[list[Export]]:
    """The files in another order, some of them twice, in batches of different sizes."""
    chance = random.Random(seed)
    shuffled = [*FILES, *chance.sample(FILES, 3)]
    chance.shuffle(shuffled)
    cuts = sorted({0, len(shuffled), *chance.sample(range(1, len(shuffled)), 3)})
    return [shuffled[start:end] for start, end in pairwise(cuts)]


def _differing(batches: Sequence[Sequence[Export]], expected: Mapping[str, str]) -> set[str]:
    """The tables of a lake with a run after each batch that are not as they should be."""
    with TemporaryDirectory() as folder, throwaway_lake(Path(folder, "lake")) as lake:
        for batch in batches:
            publish(lake, *batch)
        told = contents(lake)
        assert told.keys() == expected.keys()
        return {name for name, held in told.items() if held != expected[name]}


def test_all_that_can_happen_to_daily_figures_happens_in_these_files(lake: Lake) -> None:
    changes = "select count(*) as n, count(*) filter (is_conflict) as c from stg_distrokid__"
    told = {
        table: tuple(rows_of(lake, f"{changes}{table}_restatements")[0].values())
        for table in ("earnings", "spotify_daily", "apple_daily", "apple_breakdowns")
    }
    assert told == {
        "earnings": (1, 0),
        # 2 May goes and comes back; 9 May is told otherwise twice in one moment.
        "spotify_daily": (4, 1),
        "apple_daily": (2, 0),
        # Hail is restated and Sea is gone.
        "apple_breakdowns": (2, 0),
    }
    accounts = rows_of(lake, "select distinct account_id from fct_streams_daily order by 1")
    assert [row["account_id"] for row in accounts] == ["main", "second"]
    aside = [told.code for told in index.standings(lake.catalog) if told.status == "set_aside"]
    assert sorted(aside) == ["changes_settled_days", "other_holder"]


@pytest.mark.parametrize("seed", range(max(1, settings.default.max_examples // 50)))
def test_any_order_repetition_and_batching_gives_equal_tables(
    expected: Mapping[str, str], seed: int
) -> None:
    assert _differing(_batches(seed), expected) == set()


def test_files_that_come_newest_first_give_equal_tables(expected: Mapping[str, str]) -> None:
    newest_first = FILES[::-1]
    batches = [newest_first[start : start + 4] for start in range(0, len(FILES), 4)]
    assert _differing(batches, expected) == set()


def test_importing_what_is_known_and_running_writes_nothing(lake: Lake) -> None:
    before = versions(lake)
    assert {told.outcome for told in bring_in(lake, *FILES)} == {"known"}
    assert run_lake(lake).outcome == "unchanged"
    assert versions(lake) == before
