"""A response that cannot stand takes no other along, and what a person accepts lets all count."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from bedrot.catalog import index
from bedrot.pipeline.bringing import Imported
from bedrot.pipeline.deciding import accept, drop, standings_now
from bedrot.sources.linktree.synthetic import Day, Link, Page, lifetime_of, shared_out
from bedrot.sources.linktree.synthetic_responses import (
    analytics,
    breakdowns_response,
    links_response,
    overview_response,
    subscribers_response,
)
from bedrot.testing.lakes import NOW, rows_of, run_lake
from bedrot.zones.lake import Lake

Bring = Callable[..., dict[str, Imported]]

DAYS = [date(2025, 5, 21) + timedelta(days=n) for n in range(7)]
WEEK = (DAYS[0], DAYS[-1])
PAGE = Page(
    days={day: Day(views=10, clicks=2) for day in DAYS},
    links=[Link(id=1, title="Tin", clicks=dict.fromkeys(DAYS, 2))],
    socials={"instagram": {}},
)
OVERVIEW = overview_response(PAGE, WEEK)
PLACES = breakdowns_response(shared_out(PAGE, WEEK))
LIFETIME = analytics(
    lifetime=json.loads(breakdowns_response(shared_out(PAGE, WEEK), lifetime_of(PAGE)))["data"][
        "getAccountAnalytics"
    ]["lifetime"]
)
DISAGREEING = OVERVIEW.replace(b'"totalViews":70', b'"totalViews":71', 1)
TABLES = ("profile_daily", "overview_window", "referrers_window", "lifetime", "links_window")


def at(second: int) -> str:
    return f"graphql_20250527_1418{second:02}_000001.json"


def hand_over(folder: Path, files: Mapping[str, bytes]) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for name, body in files.items():
        (folder / name).write_bytes(body)
    return folder


def counted(lake: Lake) -> dict[str, int]:
    run_lake(lake)
    return {name: len(rows_of(lake, f"select 1 from stg_linktree__{name}")) for name in TABLES}


def outcomes(told: Mapping[str, Imported]) -> set[str]:
    return {one.outcome for one in told.values()}


def doubled_referrers() -> bytes:
    told = json.loads(PLACES)
    members = told["data"]["getAccountAnalytics"]["referrers"]["referrers"]
    first, second = members[:2]
    first["name"], second["name"] = None, ""
    return json.dumps(told, separators=(",", ":")).encode()


def test_what_one_table_sets_aside_counts_in_none(bring: Bring, lake: Lake, given: Path) -> None:
    files = {at(1): OVERVIEW, at(2): doubled_referrers(), at(3): LIFETIME}
    told = bring(hand_over(given, files))
    assert "set_aside" in outcomes(told)
    assert set(counted(lake).values()) == {0}
    (standing,) = [s for s in standings_now(lake) if s.status == "set_aside"]
    accept(lake, standing.file_id, clock=lambda: NOW)
    assert counted(lake)["profile_daily"] == 7


def test_a_response_that_breaks_a_rule_takes_no_figure_from_the_tables(
    bring: Bring, lake: Lake, given: Path
) -> None:
    bring(hand_over(given / "one", {at(1): OVERVIEW, at(2): PLACES, at(3): LIFETIME}))
    before = counted(lake)
    twice = links_response(PAGE, WEEK).replace(b'"links":[{', b'"links":[{"id":1},{', 1)
    told = bring(hand_over(given / "two", {at(4): twice}))
    assert outcomes(told) == {"set_aside"}
    assert counted(lake) == before


def test_undated_halves_are_one_visit_where_one_time_is_stated_for_them(
    bring: Bring, lake: Lake, given: Path
) -> None:
    moment = datetime(2025, 5, 28, 9, tzinfo=UTC)
    bring(hand_over(given / "one", {"a.json": OVERVIEW, "b.json": LIFETIME}), as_of=moment)
    bring(hand_over(given / "two", {"c.json": PLACES}), as_of=moment)
    assert counted(lake)["referrers_window"] > 0
    assert standings_now(lake) == []


def test_what_a_person_accepts_lets_the_whole_visit_count(
    bring: Bring, lake: Lake, given: Path
) -> None:
    files = {at(1): DISAGREEING, at(2): PLACES, at(3): LIFETIME}
    assert outcomes(bring(hand_over(given, files))) == {"set_aside"}
    (standing,) = standings_now(lake)
    accept(lake, standing.file_id, clock=lambda: NOW)
    found = counted(lake)
    assert (found["profile_daily"], found["lifetime"]) == (7, 1)


@pytest.mark.parametrize("names", [(at(1), at(2), at(3)), ("a.json", "b.json", "c.json")])
def test_a_series_by_month_stands_apart_dated_or_not(
    bring: Bring, lake: Lake, given: Path, names: tuple[str, str, str]
) -> None:
    bodies = (OVERVIEW, LIFETIME, subscribers_response(PAGE, WEEK, interval="MONTHLY"))
    moment = datetime(2025, 5, 28, 9, tzinfo=UTC)
    told = bring(hand_over(given, dict(zip(names, bodies, strict=True))), as_of=moment)
    assert [told[name].outcome for name in names] == ["landed", "landed", "set_aside"]


def test_a_response_apart_keeps_the_archive_that_it_came_in(
    bring: Bring, lake: Lake, given: Path
) -> None:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as target:
        target.writestr("weekly.json", subscribers_response(PAGE, WEEK, interval="MONTHLY"))
        target.writestr("life.json", LIFETIME)
    (given / "linktree_20250529_101010.zip").write_bytes(archive.getvalue())
    bring()
    told = {c.name: c.container for c in index.captures(lake.catalog)}
    (apart,) = [name for name in told if name.endswith("weekly.json")]
    assert "linktree_20250529_101010.zip" in str(told[apart])


def test_a_part_of_a_visit_that_a_person_dropped_is_said_to_be_one(
    bring: Bring, lake: Lake, given: Path
) -> None:
    bring(hand_over(given / "one", {at(1): OVERVIEW, at(2): PLACES, at(3): LIFETIME}))
    (capture,) = index.captures(lake.catalog)
    drop(lake, capture.file_id, clock=lambda: NOW)
    told = bring(hand_over(given / "two", {at(1): OVERVIEW, at(3): LIFETIME}))
    assert outcomes(told) == {"known"}
    assert all("a person decided to drop it" in one.reason for one in told.values())
    assert set(counted(lake).values()) == {0}


def test_a_dropped_visit_of_one_account_stops_no_part_of_anothers(
    bring: Bring, lake: Lake, given: Path
) -> None:
    bring(hand_over(given / "one", {at(1): OVERVIEW, at(3): LIFETIME}), account="one")
    (capture,) = index.captures(lake.catalog)
    drop(lake, capture.file_id, clock=lambda: NOW)
    assert outcomes(bring(hand_over(given / "two", {at(1): OVERVIEW}), account="two")) == {"landed"}


def test_a_note_against_a_part_goes_when_the_rest_comes(
    bring: Bring, lake: Lake, given: Path
) -> None:
    told = bring(hand_over(given / "one", {at(2): PLACES}))
    assert outcomes(told) == {"set_aside"}
    bring(hand_over(given / "two", {at(1): OVERVIEW}))
    assert standings_now(lake) == []
    assert counted(lake)["referrers_window"] > 0
    assert standings_now(lake) == []


def test_nothing_of_an_archive_is_unpacked_into_the_lake(
    bring: Bring, lake: Lake, root: Path, given: Path
) -> None:
    with zipfile.ZipFile(given / "all.zip", "w") as target:
        target.writestr("me.json", b'{"data":{"currentUser":{"email":"owner@example.com"}}}')
    seen = []
    bring(before=lambda _shown, _what: seen.extend(p.read_bytes() for p in _files(root)))
    assert seen
    assert not any(b"owner@example.com" in content for content in seen)


def _files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def test_what_two_tables_set_aside_at_once_has_its_reason_and_counts_in_none(
    bring: Bring, lake: Lake, given: Path
) -> None:
    known, other = (
        Page(
            days={day: Day(views=views, clicks=2) for day in DAYS},
            links=[],
            socials={"instagram": dict.fromkeys(DAYS, views)},
        )
        for views in (50, 5)
    )
    for number, page in enumerate((known, other)):
        stamp = f"2025060{number + 1}_090000"
        files = {
            f"graphql_{stamp}_1.json": overview_response(page, WEEK),
            f"graphql_{stamp}_2.json": links_response(page, WEEK),
        }
        bring(hand_over(given / stamp, files))
    run_lake(lake)
    standings = [s for s in standings_now(lake) if s.status == "set_aside"]
    assert [(s.stream, s.name.partition("/")[0]) for s in standings] == [
        ("profile_daily", "20250602_090000")
    ]
    for table in ("profile_daily", "socials_daily"):
        told = rows_of(lake, f"select distinct _file_id from stg_linktree__{table}")
        assert [row["_file_id"] for row in told] != [standings[0].file_id]
        assert len(told) == 1
