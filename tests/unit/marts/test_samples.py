"""The real dumps of Meta Ads: what lives come to, each level in its own table."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from bedrot.pipeline.bringing import Stated
from bedrot.pipeline.importing import import_paths
from bedrot.testing.lakes import NOW, rows_of, run_lake, throwaway_lake
from bedrot.zones.lake import Lake


@pytest.fixture(scope="module")
def lake(samples: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lake]:
    dumps = sorted((samples / "metaads").glob("*/insights.json"))
    with throwaway_lake(tmp_path_factory.mktemp("samples") / "lake") as opened:
        list(import_paths(opened, dumps, stated=Stated(), now=lambda: NOW))
        run_lake(opened)
        yield opened


@pytest.mark.parametrize(
    ("level", "spend", "impressions", "rows"),
    [("adset", "1888.86", 5_255_837, 31), ("campaign", "1873.84", 5_245_694, 13)],
)
def test_lives_of_each_level_stand_in_their_own_table(
    lake: Lake, level: str, spend: str, impressions: int, rows: int
) -> None:
    (told,) = rows_of(
        lake,
        f"select sum({level}_lifetime_spend) as spend, count(*) as n, "
        f"count({level}_lifetime_spend_usd) as usd, "
        f"sum({level}_lifetime_impressions) as impressions from rpt_{level}_lifetime_latest",
    )
    # Dumps name no currency, so nothing is called dollars.
    assert tuple(told.values()) == (Decimal(spend), rows, 0, impressions)


@pytest.mark.parametrize("level", ["adset", "campaign"])
def test_one_snapshot_is_no_change(lake: Lake, level: str) -> None:
    told = rows_of(lake, f"select distinct why_no_change from fct_{level}_lifetime_change")
    assert told == [{"why_no_change": "first snapshot"}]
