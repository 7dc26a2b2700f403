"""Stating what a file lacks, after it was set aside for want of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from bedrot.errors import DecisionError
from bedrot.pipeline.bringing import Imported, Stated
from bedrot.pipeline.deciding import accept, drop, standings_now
from bedrot.pipeline.stating import state
from bedrot.pipeline.verifying import verify
from bedrot.sources.tiktok.synthetic import archive, archive_name, daily
from bedrot.testing.lakes import rows_of, run_lake
from bedrot.zones import journal
from bedrot.zones.lake import Lake

Bring = Callable[..., dict[str, Imported]]

FIRST, LAST = date(2025, 3, 1), date(2025, 3, 4)
MARCH = Stated(account_id="second", window=(FIRST, LAST))
OVERVIEW = daily("overview", {FIRST + timedelta(days=n): (100 + n, 5, 4, 3, 2) for n in range(4)})
NOW = datetime(2025, 6, 2, tzinfo=UTC)
VIEWS = "select account_id, sum(video_view_count) as views from stg_tiktok__overview group by 1"


@pytest.fixture
def loose(given: Path) -> Path:
    path = given / "Overview.csv"
    path.write_bytes(OVERVIEW)
    return path


def kept(lake: Lake) -> list[str]:
    return sorted(key for key in lake.store.list("") if not key.startswith(".work/"))


def of(lake: Lake, told: Imported, stated: Stated) -> str:
    return state(lake, told.file_id, stated, clock=lambda: NOW, reason="asked her").file_id


def test_a_stated_window_and_account_let_a_file_in(bring: Bring, lake: Lake, loose: Path) -> None:
    (told,) = bring(loose, account="second").values()
    assert told.outcome == "set_aside"
    assert f"quarantine accept {told.file_id} --window FIRST..LAST" in told.next_step
    assert of(lake, told, MARCH) != told.file_id
    assert standings_now(lake) == []
    run_lake(lake)
    assert rows_of(lake, VIEWS) == [{"account_id": "second", "views": 406}]
    assert standings_now(lake) == []
    assert verify(lake).is_sound


def test_a_loose_file_of_no_known_account_is_set_aside(
    bring: Bring, lake: Lake, loose: Path
) -> None:
    (told,) = bring(loose, window=(FIRST, LAST)).values()
    assert told.outcome == "set_aside"
    assert f"quarantine accept {told.file_id} --account NAME" in told.next_step
    of(lake, told, Stated(account_id="second"))
    run_lake(lake)
    assert standings_now(lake) == []
    assert rows_of(lake, VIEWS) == [{"account_id": "second", "views": 406}]


def test_what_is_missing_can_be_stated_one_after_the_other(
    bring: Bring, lake: Lake, loose: Path
) -> None:
    (told,) = bring(loose).values()
    with pytest.raises(DecisionError, match="whose figures") as caught:
        of(lake, told, Stated(window=(FIRST, LAST)))
    assert "--account" in str(caught.value.next_step)
    of(lake, told, MARCH)
    assert standings_now(lake) == []


def test_a_statement_is_kept_as_a_decision(bring: Bring, lake: Lake, loose: Path) -> None:
    (told,) = bring(loose, account="second").values()
    file_id = of(lake, told, MARCH)
    (decision,) = journal.decisions(lake)
    assert (decision.kind, decision.file_id, decision.reason) == ("state", file_id, "asked her")


def test_after_it_the_bare_file_is_known(bring: Bring, lake: Lake, loose: Path) -> None:
    bring(loose, account="second", window=(FIRST, LAST))
    (told,) = bring(loose, account="second").values()
    assert told.outcome == "known"
    assert standings_now(lake) == []


def test_importing_again_with_the_window_ends_what_stood_against_it(
    bring: Bring, lake: Lake, loose: Path
) -> None:
    bring(loose, account="second")
    bring(loose, account="second", window=(FIRST, LAST))
    assert standings_now(lake) == []
    run_lake(lake)
    assert standings_now(lake) == []


def test_a_wrong_window_keeps_nothing(bring: Bring, lake: Lake, loose: Path) -> None:
    (told,) = bring(loose, account="second").values()
    before = kept(lake)
    wrong = Stated(window=(FIRST, LAST + timedelta(days=9)))
    with pytest.raises(DecisionError, match="still cannot be read"):
        of(lake, told, wrong)
    assert kept(lake) == before


def test_what_lacks_nothing_cannot_be_stated(bring: Bring, lake: Lake, loose: Path) -> None:
    (told,) = bring(loose, account="second", window=(FIRST, LAST)).values()
    with pytest.raises(DecisionError, match="nothing stands against"):
        of(lake, told, MARCH)


def test_the_account_is_asked_for_where_two_brought_the_same_file(
    bring: Bring, lake: Lake, loose: Path
) -> None:
    bring(loose, account="first")
    (told,) = bring(loose, account="second").values()
    with pytest.raises(DecisionError, match="several accounts"):
        of(lake, told, Stated(window=(FIRST, LAST)))
    of(lake, told, MARCH)
    run_lake(lake)
    # What was stated for one account says nothing of the other's file.
    assert [standing.code for standing in standings_now(lake)] == ["missing_window"]
    assert run_lake(lake).outcome == "unchanged"
    assert rows_of(lake, VIEWS) == [{"account_id": "second", "views": 406}]
    first = Stated(account_id="first", window=(FIRST, LAST))
    state(lake, told.file_id, first, clock=lambda: NOW + timedelta(hours=1))
    assert standings_now(lake) == []


def test_a_time_without_zone_is_that_of_the_files_account(
    bring: Bring, lake: Lake, loose: Path
) -> None:
    (told,) = bring(loose, account="main").values()
    noon = datetime(2025, 3, 5, 12)  # noqa: DTZ001 - as a person types it
    record = state(lake, told.file_id, Stated(window=(FIRST, LAST), as_of=noon), clock=lambda: NOW)
    assert record.as_of_stated == datetime(2025, 3, 5, 12, tzinfo=UTC)


def test_a_dry_run_tells_of_a_bare_copy_what_the_import_does(bring: Bring, given: Path) -> None:
    zipped = given / archive_name(FIRST, LAST, "zone.x9")
    zipped.write_bytes(archive({"Overview.csv": OVERVIEW}, NOW - timedelta(days=80)))
    (given / "Z.csv").write_bytes(OVERVIEW)
    dry = [told.outcome for told in bring(given, dry_run=True).values()]
    assert dry == [told.outcome for told in bring(given).values()] == ["landed", "known"]


def test_a_dropped_file_that_lacks_something_can_be_taken_back_and_stated(
    bring: Bring, lake: Lake, given: Path
) -> None:
    (given / "Overview.csv").write_text(
        "Date,Video Views,Profile Views,Likes,Comments,Shares\nMay 1,10,0,0,0,0\n", encoding="utf-8"
    )
    (told,) = bring().values()
    drop(lake, told.file_id, clock=lambda: NOW)
    window = (date(2024, 5, 1), date(2024, 5, 1))
    stated = Stated(account_id="one", window=window)
    with pytest.raises(DecisionError, match="a person dropped") as caught:
        state(lake, told.file_id, stated, clock=lambda: NOW)
    assert f"accept {told.file_id}" in str(caught.value.next_step)
    later = NOW + timedelta(minutes=1)
    accept(lake, told.file_id, clock=lambda: later)
    assert [s.code for s in standings_now(lake)] == ["missing_window"]
    state(lake, told.file_id, stated, clock=lambda: later)
    assert standings_now(lake) == []


def test_a_dropped_file_of_no_account_can_be_taken_back(
    bring: Bring, lake: Lake, loose: Path
) -> None:
    (told,) = bring(loose, window=(FIRST, LAST)).values()
    drop(lake, told.file_id, clock=lambda: NOW)
    accept(lake, told.file_id, clock=lambda: NOW + timedelta(minutes=1))
    assert [s.code for s in standings_now(lake)] == ["missing_account"]
