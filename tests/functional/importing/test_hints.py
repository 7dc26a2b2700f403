"""Payloads that are read by what their capture says: a window, an account, a moment."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from bedrot.catalog import index
from bedrot.pipeline.bringing import Imported
from bedrot.pipeline.verifying import verify
from bedrot.sources.tiktok.synthetic import archive, archive_name, daily, parts
from bedrot.testing.lakes import rows_of, run_lake
from bedrot.zones.lake import Lake

Bring = Callable[..., dict[str, Imported]]

FIRST, LAST = date(2025, 3, 1), date(2025, 3, 4)
MARCH = (FIRST, LAST)
YEAR_BEFORE = (date(2024, 3, 1), date(2024, 3, 4))
DAYS = {FIRST + timedelta(days=n): (100 + n, 5, 4, 3, 2) for n in range(4)}
OVERVIEW = daily("overview", DAYS)
PACKED = datetime(2025, 3, 6, 11, 38, 14, tzinfo=UTC)
DAY_OF = "select distinct year(day_date) as year from stg_tiktok__overview order by 1"


def pack(folder: Path, account: str, at: datetime = PACKED) -> Path:
    """A zip with the overview, as TikTok names and packs it."""
    path = folder / archive_name(FIRST, LAST, account)
    path.write_bytes(archive({"Overview.csv": OVERVIEW}, at))
    return path


@pytest.fixture
def loose(given: Path) -> Path:
    path = given / "Overview.csv"
    path.write_bytes(OVERVIEW)
    return path


def test_a_zip_tells_window_account_and_moment(bring: Bring, given: Path) -> None:
    (told,) = bring(pack(given, "zone.x9")).values()
    assert (told.outcome, told.account_id) == ("landed", "zone.x9")
    assert (told.first, told.newest) == MARCH
    assert (told.as_of, told.as_of_from) == (PACKED, "archive")


def test_who_is_stated_outranks_who_the_name_says(bring: Bring, given: Path) -> None:
    (told,) = bring(pack(given, "zone.x9"), account="other").values()
    assert told.account_id == "other"


def test_equal_members_of_two_zips_are_one_payload_with_two_captures(
    bring: Bring, lake: Lake, given: Path
) -> None:
    (first,) = bring(pack(given, "zone.x9")).values()
    (second,) = bring(pack(given, "zone.x9", PACKED + timedelta(hours=1))).values()
    assert first.file_id == second.file_id
    assert len(index.captures(lake.catalog, file_id=first.file_id)) == 2


def test_the_same_bytes_in_two_windows_are_two_payloads(
    bring: Bring, lake: Lake, loose: Path
) -> None:
    told = [
        bring(loose, account="mine", window=window)["Overview.csv"]
        for window in (MARCH, YEAR_BEFORE)
    ]
    assert [one.outcome for one in told] == ["landed", "landed"]
    assert told[0].file_id != told[1].file_id
    run_lake(lake)
    assert [row["year"] for row in rows_of(lake, DAY_OF)] == [2024, 2025]


def test_without_a_window_it_is_set_aside_and_lands_once_one_is_stated(
    bring: Bring, loose: Path
) -> None:
    aside = bring(loose)["Overview.csv"]
    assert aside.outcome == "set_aside"
    assert "--window" in aside.next_step
    assert bring(loose, account="mine", window=MARCH)["Overview.csv"].outcome == "landed"
    assert bring(loose, account="mine", window=MARCH)["Overview.csv"].outcome == "known"


def test_a_lake_with_payloads_that_are_read_by_hints_is_sound(
    bring: Bring, lake: Lake, loose: Path
) -> None:
    bring(loose, account="mine", window=MARCH)
    run_lake(lake)
    assert verify(lake).mismatches == ()


def test_changed_bytes_of_such_a_payload_are_found(bring: Bring, lake: Lake, loose: Path) -> None:
    told = bring(loose, account="mine", window=MARCH)["Overview.csv"]
    raw = lake.store.local(f"raw/tiktok/overview/{told.file_id}")
    raw.chmod(0o644)
    raw.write_bytes(OVERVIEW.replace(b"100", b"900"))
    assert {m.subject.partition("/")[0] for m in verify(lake).mismatches} >= {"raw"}


def test_a_level_is_about_the_moment_at_which_its_archive_was_packed(
    bring: Bring, lake: Lake, given: Path
) -> None:
    path = given / archive_name(FIRST, LAST, "zone.x9", tab="FollowerGender")
    gender = parts("follower_gender", {"Male": "0.6", "Female": "0.4"})
    path.write_bytes(archive({"FollowerGender.csv": gender}, PACKED))
    bring(path)
    run_lake(lake)
    read = rows_of(lake, "select distinct read_date from stg_tiktok__follower_gender")
    assert [row["read_date"] for row in read] == [PACKED.date()]
