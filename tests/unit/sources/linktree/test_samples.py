"""A real visit, where it lies."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from bedrot.pipeline.bringing import Imported, Stated
from bedrot.pipeline.importing import import_paths
from bedrot.sources.linktree import SOURCE
from bedrot.sources.linktree.responses import part_of
from bedrot.testing.lakes import NOW, rows_of, run_lake, throwaway_lake
from bedrot.zones.lake import Lake

YEAR = (date(2024, 5, 28), date(2025, 5, 27))
WEEK = (date(2025, 5, 21), date(2025, 5, 27))


@pytest.fixture(scope="module")
def real(
    samples: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Lake, list[Imported]]]:
    with throwaway_lake(tmp_path_factory.mktemp("lake")) as lake:
        outcomes = list(
            import_paths(lake, [samples / "linktree"], stated=Stated(), now=lambda: NOW)
        )
        run_lake(lake)
        yield lake, outcomes


def _sums(lake: Lake, table: str, *figures: str) -> dict[tuple[date, date], tuple[Any, ...]]:
    named = ", ".join(f"sum({figure}) as {figure}" for figure in figures)
    rows = rows_of(
        lake, f"select window_start, window_end, {named} from stg_linktree__{table} group by all"
    )
    return {
        (row["window_start"], row["window_end"]): tuple(int(row[f]) for f in figures)
        for row in rows
    }


def test_eight_responses_are_refused_and_all_others_land(real: tuple[Lake, list[Imported]]) -> None:
    outcomes = [one.outcome for one in real[1]]
    assert (outcomes.count("refused"), outcomes.count("landed"), len(outcomes)) == (8, 8, 16)


def test_the_year_by_day_adds_up(real: tuple[Lake, list[Imported]]) -> None:
    (told,) = rows_of(
        real[0],
        "select count(*) as days, sum(views) as views, sum(clicks) as clicks, "
        "sum(daily_unique_views) as seen_daily, sum(daily_unique_clicks) as clicked_daily, "
        "count(*) filter (where is_provisional) as provisional from stg_linktree__profile_daily",
    )
    assert [int(value) for value in told.values()] == [365, 3502, 1767, 2309, 979, 1]


def test_both_windows_have_their_totals(real: tuple[Lake, list[Imported]]) -> None:
    lake, _ = real
    assert _sums(lake, "overview_window", "views", "clicks") == {YEAR: (3502, 1767), WEEK: (73, 46)}
    assert _sums(lake, "links_window", "clicks") == {YEAR: (1400,), WEEK: (40,)}
    assert _sums(lake, "socials_window", "clicks") == {YEAR: (366,), WEEK: (6,)}
    for table in ("cities_window", "countries_window"):
        assert _sums(lake, table, "views", "clicks") == {WEEK: (73, 49)}
    for table in ("referrers_window", "devices_window"):
        assert _sums(lake, table, "views", "clicks") == {WEEK: (73, 46)}


def test_socials_by_day_lifetime_and_titles_are_there(real: tuple[Lake, list[Imported]]) -> None:
    lake, _ = real
    (days,) = rows_of(
        lake, "select count(*) as n, sum(clicks) as clicks from stg_linktree__socials_daily"
    )
    assert (days["n"], int(days["clicks"])) == (730, 366)
    (total,) = rows_of(
        lake, "select views, clicks, profile_clicks, social_clicks from stg_linktree__lifetime"
    )
    assert list(total.values()) == [3502, 1702, 1379, 301]
    assert len(rows_of(lake, "select * from stg_linktree__link_titles where title > ''")) == 11


def test_what_disagrees_is_said_with_its_figures(real: tuple[Lake, list[Imported]]) -> None:
    told = " ".join(warning for one in real[1] for warning in one.warnings)
    assert "3502 views and 1767 clicks, links and socials 1766 clicks" in told
    assert "1702 clicks (links 1379, socials 301)" in told


def test_every_response_is_known_by_its_keys(samples: Path) -> None:
    parts = [part_of(path) for path in sorted(samples.glob("linktree/analytics/*.json"))]
    assert sum(bool(part and part.refused) for part in parts) == 8
    assert all(part and part.is_whole for part in parts)
    assert len(SOURCE.streams) == 12
