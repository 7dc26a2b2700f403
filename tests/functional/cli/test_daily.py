"""Daily figures as people meet them: how fresh they are, where they come from, and what they were."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from bedrot.cli.main import app
from bedrot.testing.ledgers import Export, export, line
from bedrot.testing.pages import APPLE, SPOTIFY, days, items, page

Command = Callable[..., Any]
Bring = Callable[..., list[str]]

MARCH = days("2025-03-01", *[10] * 31)
OLD = [
    page(SPOTIFY, MARCH, "20250402"),
    page(APPLE, MARCH, "20250402", lists={"tracks": items(Hail=9)}),
    export([line(on="2025-04-20", units=300)], "20250425"),
]
RESTATED = page(SPOTIFY, MARCH | days("2025-03-30", 17), "20250403")


def _write(folder: Path, *files: Export) -> list[str]:
    folder.mkdir(parents=True, exist_ok=True)
    for file in files:
        (folder / file.name).write_bytes(file.content)
    return [str(folder / file.name) for file in files]


@pytest.fixture(scope="module")
def _daily_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two lake releases: the second restates one day of Spotify."""
    folder = tmp_path_factory.mktemp("daily")
    for files in (OLD, [RESTATED]):
        for command in (["import", *_write(folder / "saved", *files)], ["run"]):
            done = CliRunner().invoke(app, [*command, "--lake", str(folder / "lake")])
            assert done.exit_code == 0, done.output
    return folder / "lake"


@pytest.fixture
def daily(_daily_once: Path, lake: Path) -> Path:
    shutil.copytree(_daily_once, lake)
    return lake


@pytest.fixture
def bring(bedrot: Command, tmp_path: Path) -> Bring:
    """Import files and run; gives their ids."""

    def bring_in(*files: Export, code: int = 0) -> list[str]:
        paths = _write(tmp_path / "saved", *files)
        told = bedrot("import", *paths, "--json", code=code).document
        bedrot("run")
        return [one["file_id"] for one in told["files"]]

    return bring_in


@pytest.fixture
def on(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    """Make it noon of a day of April 2025."""

    def set_clock(day: int) -> None:
        now = datetime(2025, 4, day, 12, tzinfo=UTC)
        monkeypatch.setattr("bedrot.app.clock", lambda: now)

    return set_clock


def streams(told: Any) -> Mapping[str, Any]:
    return {one["stream"].removeprefix("distrokid."): one for one in told.document["streams"]}


def test_status_tells_how_far_the_days_reach_and_which_are_provisional(
    bedrot: Command, daily: Path
) -> None:
    told = streams(bedrot("status", "--json"))
    spotify, apple = told["spotify_daily"], told["apple_daily"]
    assert (spotify["newest_date"], spotify["provisional"]) == ("2025-03-31", 0)
    assert (apple["newest_date"], apple["provisional"]) == ("2025-03-31", 2)
    assert (spotify["last_capture"], spotify["lag_days"]) == ("2025-04-03T12:00:00Z", 3)


def test_days_are_provisional_until_a_page_ends_later(
    bedrot: Command, bring: Bring, daily: Path
) -> None:
    bring(page(APPLE, MARCH | days("2025-04-01", 5), "20250403"))
    assert streams(bedrot("status", "--json"))["apple_daily"]["provisional"] == 2
    bring(page(APPLE, MARCH | days("2025-04-01", 5) | days("2025-04-02", 5), "20250404"))
    query = "select stream_date from fct_streams_daily where is_provisional order by 1"
    told = bedrot("sql", query, "--format", "json").document
    assert [row["stream_date"] for row in told] == ["2025-04-01", "2025-04-02"]


@pytest.mark.parametrize(
    ("day", "spotify", "apple"),
    [(4, ["stalled"], ["current"]), (9, ["stale", "stalled"], ["stale"])],
)
def test_status_tells_apart_what_we_and_what_the_platform_did_not_do(
    bedrot: Command,
    daily: Path,
    on: Callable[[int], None],
    day: int,
    spotify: list[str],
    apple: list[str],
) -> None:
    on(day)
    told = streams(bedrot("status", "--json"))
    assert told["spotify_daily"]["state"] == spotify
    assert told["apple_daily"]["state"] == apple


def test_status_says_in_words_what_is_stale_and_what_stalled(
    bedrot: Command, daily: Path, on: Callable[[int], None]
) -> None:
    on(9)
    told = bedrot("status").out
    assert "distrokid.apple_daily is stale: the last capture is 7 days old" in told
    assert "distrokid.spotify_daily stalled on the platform" in told
    assert "distrokid.apple_daily stalled" not in told


def test_a_day_leads_to_the_point_in_the_page(bedrot: Command, daily: Path) -> None:
    where = "store = 'Spotify' and stream_date = '2025-03-30'"
    told = bedrot("explain", "fct_streams_daily", "--where", where, "--json").document
    (row,) = told["rows"]
    (found,) = row["lines"]
    (file,) = told["files"].values()
    assert (told["adds_up"], row["values"]["streams"]) == (True, 17)
    assert "trend365day" in found["record"]
    assert '"category": "2025-03-30","column-1": 17' in found["record"]
    assert [capture["name"] for capture in file["captures"]] == [f"saved/{RESTATED.name}"]


def test_a_month_is_explained_by_its_days(bedrot: Command, daily: Path) -> None:
    told = bedrot("explain", "rpt_streams_monthly", "--where", "true", "--json").document
    assert (told["matched"], told["adds_up"]) == (2, True)
    assert {row["line_count"] for row in told["rows"]} == {31}
    assert {row["levels"][0]["table"] for row in told["rows"]} == {"fct_streams_daily"}


def test_the_agreement_of_feeds_is_explained_by_both_sides(bedrot: Command, daily: Path) -> None:
    where = "store = 'Spotify'"
    told = bedrot("explain", "rpt_feed_agreement", "--where", where, "--json").document
    (row,) = told["rows"]
    assert (told["adds_up"], row["line_count"]) == (True, 32)
    values = row["values"]
    assert (values["sold_units"], values["daily_streams"]) == (300, 317)
    assert [level["table"] for level in row["levels"]] == [
        "rpt_revenue_monthly, rpt_streams_monthly",
        "fct_royalty_line, fct_streams_daily",
        "stg_distrokid__earnings, stg_distrokid__spotify_daily",
    ]
    assert {file["stream"] for file in told["files"].values()} == {
        "distrokid.earnings",
        "distrokid.spotify_daily",
    }


def test_an_item_of_a_list_leads_to_the_list_in_the_page(bedrot: Command, daily: Path) -> None:
    table = "stg_distrokid__apple_breakdowns"
    told = bedrot("explain", table, "--where", "item_name = 'Hail'", "--json").document
    (row,) = told["rows"]
    assert (row["values"]["streams"], row["values"]["surface"]) == (9, "tracks")
    assert "tracks1year" in row["lines"][0]["record"]


def test_a_page_without_a_stamp_says_where_its_time_was_found(
    bedrot: Command, bring: Bring, daily: Path
) -> None:
    bring(replace(page(SPOTIFY, days("2025-04-01", 8), "20250404"), name="page.html"))
    where = "stream_date = '2025-04-01'"
    told = bedrot("explain", "fct_streams_daily", "--where", where, "--json").document
    (file,) = told["files"].values()
    assert file["captures"][0]["as_of_from"] == "content"
    assert (
        "as of 2025-04-04T00:00:00Z" in bedrot("explain", "fct_streams_daily", "--where", where).out
    )


def test_an_earlier_lake_release_shows_the_day_before_it_was_restated(
    bedrot: Command, daily: Path
) -> None:
    query = "select streams from fct_streams_daily where store = 'Spotify' and stream_date = '2025-03-30'"
    assert bedrot("sql", query, "--format", "json").document == [{"streams": 17}]
    assert bedrot("sql", query, "--at", "1", "--format", "json").document == [{"streams": 10}]


@pytest.mark.parametrize("table", ["fct_streams_daily", "stg_distrokid__spotify_daily"])
def test_a_restated_day_is_told_with_who_brought_it(
    bedrot: Command, daily: Path, table: str
) -> None:
    told = bedrot("diff", table, "--json").document
    assert (told["count"], told["deltas"]) == (1, {"streams": "7"})
    (change,) = told["restatements"]
    assert change["table"] == "stg_distrokid__spotify_daily"
    assert (change["old"], change["new"]) == ({"streams": 10}, {"streams": 17})
    assert change["key"]["stream_date"] == "2025-03-30"
    assert change["captures"] == [f"saved/{RESTATED.name}"]


def test_a_page_of_one_track_counts_for_its_track_alone_once_a_person_accepts_it(
    bedrot: Command, bring: Bring, daily: Path
) -> None:
    track = page(SPOTIFY, days("2025-03-01", *[3] * 31), "20250404", scope="track:7001")
    (file_id,) = bring(track, code=3)
    bedrot("quarantine", "accept", file_id)
    bedrot("run")
    query = (
        "select scope, sum(streams) as n from stg_distrokid__spotify_daily group by 1 order by 1"
    )
    told = bedrot("sql", query, "--format", "json").document
    assert told == [{"scope": "all", "n": 317}, {"scope": "track:7001", "n": 93}]
    whole = "select sum(streams) as n from fct_streams_daily where store = 'Spotify'"
    assert bedrot("sql", whole, "--format", "json").document == [{"n": 317}]


def test_a_plan_tells_new_pages_and_the_partitions_that_they_touch(
    bedrot: Command, daily: Path, tmp_path: Path
) -> None:
    more = page(APPLE, MARCH | days("2025-04-01", 5), "20250403")
    bedrot("import", *_write(tmp_path / "saved", more))
    told = streams(bedrot("plan", "--json"))
    apple = told["apple_daily"]
    assert (apple["new_files"], apple["rows"]) == (1, 32)
    assert "2025-04" in [p["partition"] for p in apple["partitions"]]
    assert told["spotify_daily"]["partitions"] == []
