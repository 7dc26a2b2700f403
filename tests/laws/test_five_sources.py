"""Laws 1 and 5 over all five sources together: how files came, and who was killed, is nothing."""

from __future__ import annotations

import random
import shutil
import signal
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from five_sources.faults import INBOX
from five_sources.handing import LOS_ANGELES, Whole, elsewhere, hand_over, standings, told
from hypothesis import settings

from bedrot.sources import all_sources
from bedrot.testing.lakes import (
    contents,
    rows_of,
    run_lake,
    throwaway_lake,
    versions,
)

if TYPE_CHECKING:
    from bedrot.zones.lake import Lake

SEED = 20250601
SEEDS = range(SEED, SEED + max(1, settings.default.max_examples // 50))
"""One in CI, and more where time is not short."""
EMPTY = {
    # No file of the inbox tells of these: insights by day are of campaigns, lives are of ads.
    "stg_metaads__ad_insights_daily",
    "stg_metaads__adset_insights_daily",
    "stg_metaads__adset_insights_lifetime",
    "stg_metaads__campaign_insights_lifetime",
}


@pytest.fixture(scope="module", params=SEEDS)
def in_parts(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Lake]:
    """The files one by one in another order, some of them twice, with a run on the way."""
    chance = random.Random(request.param)
    order = [*INBOX, *chance.sample(list(INBOX), 6)]
    chance.shuffle(order)
    with throwaway_lake(tmp_path_factory.mktemp("parts") / "lake") as opened:
        for number, name in enumerate(order):
            if number == len(order) // 2:
                run_lake(opened)
            hand_over(opened, {name: INBOX[name]})
        run_lake(opened)
        yield opened


def _differing(found: Mapping[str, str], expected: Mapping[str, str]) -> set[str]:
    return {name for name in found.keys() | expected if found.get(name) != expected.get(name)}


def test_every_stream_of_every_source_has_rows_and_something_set_aside(
    whole: Whole, in_parts: Lake
) -> None:
    tables = [stream.contract.table for source in all_sources() for stream in source.streams]
    counts = " union all ".join(f"select '{t}' as name, count(*) as n from {t}" for t in tables)
    assert {row["name"] for row in rows_of(in_parts, counts) if row["n"] == 0} == EMPTY
    aside = {key.split()[0] for key, status in whole.standings.items() if status == "set_aside"}
    assert aside == {source.name for source in all_sources()}


def test_files_in_any_order_one_by_one_and_twice_give_equal_tables_and_standings(
    whole: Whole, in_parts: Lake
) -> None:
    assert _differing(contents(in_parts), whole.contents) == set()
    assert _differing(standings(in_parts), whole.standings) == set()


def test_a_rebuild_in_another_place_without_the_catalogue_gives_what_there_is_and_writes_nothing(
    whole: Whole, in_parts: Lake, tmp_path: Path
) -> None:
    copy = shutil.copytree(in_parts.name, tmp_path / "copy")
    for file in copy.glob("catalogue.db*"):
        file.unlink()
    made = told(elsewhere(copy, tmp_path, "rebuild", **LOS_ANGELES))
    assert _differing(made["contents"], whole.contents) == set()
    assert _differing(made["standings"], whole.standings) == set()
    assert made["versions"] == versions(in_parts)


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="this system kills otherwise")
@pytest.mark.parametrize("seed", SEEDS)
def test_killed_in_the_import_and_in_the_run_the_next_ones_complete_the_lake(
    whole: Whole, tmp_path: Path, seed: int
) -> None:
    chance = random.Random(seed)
    folder = tmp_path / "lake"
    at_import = chance.randint(1, whole.imported)
    at_run = chance.randint(1, whole.writes - whole.imported)
    killed = elsewhere(folder, whole.inbox, "take_in", DIE_AT=str(at_import))
    assert killed.returncode == -signal.SIGKILL
    with throwaway_lake(folder) as lake:
        hand_over(lake, INBOX)
    killed = elsewhere(folder, whole.inbox, "run", DIE_AT=str(at_run))
    assert killed.returncode == -signal.SIGKILL
    with throwaway_lake(folder) as lake:
        run_lake(lake)
        assert _differing(contents(lake), whole.contents) == set()
        assert _differing(standings(lake), whole.standings) == set()
