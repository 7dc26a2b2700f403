"""Statistics pages that cannot count: set aside with their reason, and what is published stays."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from bedrot.catalog import index
from bedrot.pipeline.bringing import Imported
from bedrot.testing.lakes import (
    decide,
    publish,
    rows_of,
    run_lake,
    standings_of,
    throwaway_lake,
    versions,
)
from bedrot.testing.ledgers import Export
from bedrot.testing.pages import APPLE, SPOTIFY, THEIRS, days, items, page

if TYPE_CHECKING:
    from bedrot.sources.distrokid.synthetic_pages import Store
    from bedrot.zones.lake import Lake

DAYS = days("2025-05-01", *range(100, 120))
MORE = days("2025-05-01", *range(100, 124))
PART = days("2025-05-01", *range(10, 34))
LISTS = {"tracks": items(Hail=9, Sea=7)}
OLD, NEW, NEWEST = "20250522", "20250526", "20250530"
STORES = [SPOTIFY, APPLE]


@pytest.fixture(scope="module")
def _published_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("daily") / "lake"
    with throwaway_lake(folder) as lake:
        told = [
            page(store, *of, lists=LISTS) for store in STORES for of in ((DAYS, OLD), (MORE, NEW))
        ]
        publish(lake, *told)
    return folder


@pytest.fixture
def published(_published_once: Path, tmp_path: Path) -> Iterator[Lake]:
    """A lake with two pages of each store."""
    shutil.copytree(_published_once, tmp_path / "published")
    with throwaway_lake(tmp_path / "published") as lake:
        yield lake


def sums(lake: Lake) -> dict[str, int]:
    rows = rows_of(lake, "select store, sum(streams) as n from fct_streams_daily group by all")
    return {row["store"]: int(row["n"]) for row in rows}


def restated(lake: Lake, store: str) -> list[tuple[int, int]]:
    """Old and new value of every restated day, sorted."""
    rows = rows_of(
        lake, f"select old_value, new_value from stg_distrokid__{store}_daily_restatements"
    )
    return sorted((row["old_value"], row["new_value"]) for row in rows)


BOTH = {"Spotify": sum(MORE.values()), "Apple Music": sum(MORE.values())}


def test_f5_old_pages_landed_again_change_nothing(published: Lake) -> None:
    before = versions(published)
    told = publish(published, *(page(store, DAYS, OLD, lists=LISTS) for store in STORES))
    assert [one.outcome for one in told] == ["known", "known"]
    assert versions(published) == before


def copies(newer: str = NEWEST) -> list[Export]:
    """The old pages under the names of newer ones."""
    return [
        replace(page(store, DAYS, OLD, lists=LISTS), name=page(store, DAYS, newer).name)
        for store in STORES
    ]


def test_f5_old_pages_under_newer_names_change_no_figure(published: Lake) -> None:
    told = publish(published, *copies())
    assert sums(published) == BOTH
    assert restated(published, "spotify") == restated(published, "apple") == []
    standings = [standings_of(published, one.file_id) for one in told]
    assert [of["stamp_differs"] for of in standings] == ["warning", "warning"]


def test_what_is_said_of_a_page_is_said_once_though_two_streams_read_it(published: Lake) -> None:
    (told,) = publish(published, *copies()[1:])
    said = [s.code for s in index.standings(published.catalog) if s.file_id == told.file_id]
    assert said == ["stamp_differs"]


def test_f5_old_pages_under_newer_names_leave_what_rows_say_of_their_origin(
    published: Lake,
) -> None:
    before = versions(published)
    publish(published, *copies())
    assert versions(published) == before


def test_f5_the_second_page_of_a_day_under_a_newer_name_restates_nothing_more(lake: Lake) -> None:
    morning = page(SPOTIFY, DAYS, "20250522_080000")
    evening = page(SPOTIFY, DAYS | days("2025-05-03", 999), "20250522_200000")
    publish(lake, morning, evening)
    assert restated(lake, "spotify") == [(102, 999)]
    publish(lake, replace(evening, name=page(SPOTIFY, DAYS, NEWEST).name))
    assert restated(lake, "spotify") == [(102, 999)]


def test_f5_an_older_page_that_comes_last_takes_nothing_back(lake: Lake) -> None:
    publish(lake, page(SPOTIFY, MORE, NEW))
    publish(lake, page(SPOTIFY, DAYS | days("2025-05-03", 1, 2), OLD))
    assert sums(lake) == {"Spotify": sum(MORE.values())}
    assert restated(lake, "spotify") == [(1, 102), (2, 103)]


Make = Callable[[str], Export]


def filtered(store: Store) -> Export:
    return page(store, PART, NEWEST, scope="track:7001", lists=LISTS)


def unmarked(store: Store) -> Export:
    """One track's figures on a page that says it shows all."""
    return page(store, PART, NEWEST, lists=LISTS)


def altered(store: Store) -> Export:
    """One day of a newer page says one stream more."""
    whole = page(store, DAYS, NEWEST, lists=LISTS)
    content = whole.content
    for old in (b'"2025-05-07","column-1": 106}', b'"2025-05-07","value":106}'):
        content = content.replace(old, old.replace(b"106", b"107"))
    assert content != whole.content
    return replace(whole, content=content)


def cut(store: Store) -> Export:
    whole = page(store, MORE, NEWEST, lists=LISTS)
    return replace(whole, content=whole.content[: len(whole.content) // 2])


def foreign(store: Store) -> Export:
    longer = MORE | days("2025-05-25", 5000, 6000)
    return page(store, longer, NEWEST, holder=THEIRS, lists=LISTS)


BAD: dict[Make, tuple[str, str]] = {
    filtered: ("filtered_page", "shows one track only"),
    unmarked: ("changes_settled_days", "it lowers 22 and changes 22 of"),
    altered: ("totals_disagree", "own figures disagree"),
    cut: ("half_loaded", "`</html>`"),
    foreign: ("other_holder", "figures of another account"),
}


@dataclass(frozen=True, kw_only=True)
class Aside:
    """A lake into which all bad pages of both stores came at once."""

    lake: Lake
    before: Mapping[str, int]
    told: Mapping[tuple[Make, Store], Imported]


@pytest.fixture(scope="module")
def aside(_published_once: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Aside]:
    folder = tmp_path_factory.mktemp("aside") / "lake"
    shutil.copytree(_published_once, folder)
    with throwaway_lake(folder) as lake:
        before = versions(lake)
        cases = [(make, store) for make in BAD for store in STORES]
        told = publish(lake, *(make(store) for make, store in cases))
        yield Aside(lake=lake, before=before, told=dict(zip(cases, told, strict=True)))


LISTED = "stg_distrokid__apple_breakdowns"


def test_pages_that_are_set_aside_change_no_daily_figure(aside: Aside) -> None:
    after = {**versions(aside.lake), LISTED: 0}
    assert after == {**aside.before, LISTED: 0}
    assert sums(aside.lake) == BOTH


def test_the_lists_of_pages_that_are_set_aside_do_not_count_either(aside: Aside) -> None:
    files = {one.file_id for one in aside.told.values()}
    listed = rows_of(aside.lake, f"select distinct _file_id from {LISTED}")
    assert {row["_file_id"] for row in listed} & files == set()
    assert versions(aside.lake)[LISTED] == aside.before[LISTED]


@pytest.mark.parametrize("store", STORES)
@pytest.mark.parametrize("make", BAD)
def test_a_page_that_cannot_count_is_set_aside_with_its_reason(
    aside: Aside, make: Make, store: Store
) -> None:
    code, reason = BAD[make]
    file_id = aside.told[make, store].file_id
    found = [
        told
        for told in index.standings(aside.lake.catalog)
        if (told.file_id, told.code) == (file_id, code)
    ]
    assert {told.status for told in found} == {"set_aside"}
    assert all(reason in told.reason and told.next_step for told in found)


def test_another_account_has_its_page_under_its_own_name(published: Lake) -> None:
    publish(published, page(SPOTIFY, PART, NEWEST, holder=THEIRS, account_id="second"))
    rows = rows_of(
        published,
        "select account_id, sum(streams) as n from fct_streams_daily where store = 'Spotify' "
        "group by all order by all",
    )
    assert [(row["account_id"], row["n"]) for row in rows] == [
        ("main", sum(MORE.values())),
        ("second", sum(PART.values())),
    ]


def test_a_page_that_lowers_many_days_counts_once_a_person_accepts_it(published: Lake) -> None:
    (told,) = publish(published, unmarked(SPOTIFY))
    decide(published, "accept", told.file_id, "changes_settled_days")
    run_lake(published)
    assert sums(published)["Spotify"] == sum(PART.values())
    assert standings_of(published, told.file_id)["changes_settled_days"] == "warning"


def test_a_page_of_few_days_opens_no_door_for_one_that_lowers_all(published: Lake) -> None:
    few = page(SPOTIFY, days("2025-05-23", 122, 123), "20250528")
    _, told = publish(published, few, unmarked(SPOTIFY))
    assert sums(published) == BOTH
    assert standings_of(published, told.file_id)["changes_settled_days"] == "set_aside"


def test_a_day_that_no_page_shows_has_no_row_and_one_of_no_streams_has_zero(lake: Lake) -> None:
    gap = days("2025-05-01", 5, 0) | days("2025-05-05", 7)
    publish(lake, page(SPOTIFY, gap, NEW))
    rows = rows_of(lake, "select stream_date, streams from fct_streams_daily order by 1")
    assert [(row["stream_date"].day, row["streams"]) for row in rows] == [(1, 5), (2, 0), (5, 7)]
