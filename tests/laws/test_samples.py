"""The real exports: what they come to, in whatever order they are brought in."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import pytest

from bedrot.catalog import index
from bedrot.pipeline.bringing import Imported, Stated
from bedrot.pipeline.explaining import explain
from bedrot.pipeline.importing import import_paths
from bedrot.testing.lakes import (
    NOW,
    contents,
    rebuild_lake,
    rows_of,
    run_lake,
    throwaway_lake,
    versions,
)

if TYPE_CHECKING:
    from bedrot.zones.lake import Lake

RESTATED_BY = "distrokid/streams/streams_stats_20250611_113652.html"
SPOTIFY = [
    ("2025-05-08", 1781, 3377, RESTATED_BY),
    ("2025-05-13", 371, 3237, RESTATED_BY),
    ("2025-05-15", 243, 3177, RESTATED_BY),
    ("2025-05-20", 1795, 3306, RESTATED_BY),
]
APPLE = [
    ("2025-05-21", 13, 91, "distrokid/streams/applemusic_stats_20250526_134445.html"),
    ("2025-05-25", 53, 58, "distrokid/streams/applemusic_stats_20250605_082633.html"),
    ("2025-05-26", 4, 43, "distrokid/streams/applemusic_stats_20250605_082633.html"),
    ("2025-06-03", 79, 84, "distrokid/streams/applemusic_stats_20250611_113652.html"),
    ("2025-06-04", 19, 80, "distrokid/streams/applemusic_stats_20250611_113652.html"),
]


def _bring(lake: Lake, *paths: Path) -> list[Imported]:
    return list(import_paths(lake, paths, stated=Stated(), now=lambda: NOW))


@pytest.fixture(scope="module")
def lake(samples: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lake]:
    """All exports of DistroKid, brought in at once."""
    with throwaway_lake(tmp_path_factory.mktemp("samples") / "lake") as opened:
        _bring(opened, samples / "distrokid")
        run_lake(opened)
        yield opened


def _days(lake: Lake, store: str) -> dict[str, Any]:
    (row,) = rows_of(
        lake,
        "select count(*) as days, sum(streams) as streams, max(stream_date) as last, "
        "count(*) filter (is_provisional) as provisional "
        f"from fct_streams_daily where store = '{store}'",
    )
    return {name: str(value) for name, value in row.items()}


def _restated(lake: Lake, table: str) -> list[tuple[str, int, int, str]]:
    """Day, old and new value, and the name of the page that changed it."""
    names = {capture.file_id: capture.name for capture in index.captures(lake.catalog)}
    rows = rows_of(lake, f"select * from stg_distrokid__{table}_restatements order by stream_date")
    assert not any(row["is_conflict"] for row in rows)
    return [
        (str(row["stream_date"]), row["old_value"], row["new_value"], names[row["file_id"]])
        for row in rows
    ]


def test_spotify_is_told_for_its_days(lake: Lake) -> None:
    assert _days(lake, "Spotify") == {
        "days": "279",
        "streams": "698579",
        "last": "2025-05-28",
        "provisional": "0",
    }


def test_apple_music_is_told_for_its_days_of_which_two_are_provisional(lake: Lake) -> None:
    assert _days(lake, "Apple Music") == {
        "days": "277",
        "streams": "21482",
        "last": "2025-06-09",
        "provisional": "2",
    }


def test_a_day_that_no_page_reported_is_not_zero(lake: Lake) -> None:
    assert rows_of(lake, "select * from fct_streams_daily where streams = 0") == []


def test_nothing_but_the_sign_in_page_is_set_aside_or_warned_of(lake: Lake) -> None:
    told = [s for s in index.standings(lake.catalog) if s.status != "information"]
    assert [(s.name, s.status) for s in told] == [
        ("distrokid/streams/applemusic_stats.html", "set_aside")
    ]


def test_exactly_what_later_pages_changed_is_restated(lake: Lake) -> None:
    assert _restated(lake, "spotify_daily") == SPOTIFY
    assert _restated(lake, "apple_daily") == APPLE
    assert rows_of(lake, "select * from stg_distrokid__apple_breakdowns_restatements") == []


def test_units_and_daily_figures_of_spotify_agree_within_three_percent(lake: Lake) -> None:
    rows = rows_of(
        lake,
        "select stream_month, difference_ratio from rpt_feed_agreement where store = 'Spotify' "
        "and stream_month between '2025-01' and '2025-03' order by 1",
    )
    assert [row["stream_month"] for row in rows] == ["2025-01", "2025-02", "2025-03"]
    assert max(abs(row["difference_ratio"]) for row in rows) < 0.03


def test_the_agreement_of_feeds_adds_up_down_to_the_pages(lake: Lake) -> None:
    where = "stream_month in ('2024-12', '2025-03')"
    told = explain(lake, "rpt_feed_agreement", where, lines=1)
    assert (told.matched, told.adds_up) == (4, True)


def test_a_restated_day_leads_to_the_page_that_restated_it(lake: Lake) -> None:
    where = "store = 'Spotify' and stream_date = '2025-05-13'"
    told = explain(lake, "fct_streams_daily", where)
    ((line,),) = [row.lines for row in told.rows]
    assert told.adds_up
    assert "3237" in line.record
    assert [c.name for c in told.payloads[line.file_id].captures] == [RESTATED_BY]


def _one_by_one(lake: Lake, samples: Path, files: Sequence[Path]) -> None:
    for file in files:
        # Files keep the names that they have when their folder is handed over.
        with TemporaryDirectory() as folder:
            target = Path(folder, "distrokid", file.relative_to(samples / "distrokid"))
            target.parent.mkdir(parents=True)
            target.write_bytes(file.read_bytes())
            _bring(lake, Path(folder, "distrokid"))
        run_lake(lake)


@pytest.mark.soak
@pytest.mark.slow
def test_in_another_order_one_by_one_and_made_again_they_come_to_the_same(
    lake: Lake, samples: Path, tmp_path: Path
) -> None:
    files = sorted(path for path in (samples / "distrokid").rglob("*") if path.is_file())
    random.Random(11).shuffle(files)
    with throwaway_lake(tmp_path / "lake") as other:
        _one_by_one(other, samples, files)
        assert contents(other) == contents(lake)
        before = versions(other)
        assert rebuild_lake(other).outcome == "unchanged"
        assert versions(other) == before
