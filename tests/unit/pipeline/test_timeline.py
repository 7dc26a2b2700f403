"""When a page was true, and what the time in its name and the time in its content say."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bedrot.catalog.records import CaptureRecord, Standing
from bedrot.pipeline.timeline import NoComparison, as_of, judge, sight, with_moments
from bedrot.sources.distrokid import APPLE_DAILY
from bedrot.sources.tiktok import FOLLOWER_GENDER_STREAM as LEVELS
from bedrot.zones.lake import CONFIG_TEXT, Lake, read_config
from bedrot.zones.parts import Profile

Seen = Callable[..., CaptureRecord]

PRINTED = datetime(2025, 5, 22, tzinfo=UTC)
"""The date that the page prints."""
STATED = datetime(2025, 4, 2, tzinfo=UTC)
NEWEST = datetime(2025, 5, 20, tzinfo=UTC)
SAME_DAY, DAY_AFTER, WEEK_AFTER = (
    f"applemusic_stats_202505{day}_085156.html" for day in (22, 23, 29)
)


@pytest.mark.parametrize("name", [SAME_DAY, DAY_AFTER])
def test_the_names_stamp_counts_if_the_content_prints_about_that_day(
    empty_lake: Lake, seen: Seen, name: str
) -> None:
    moment, found = as_of(empty_lake, seen(name=name), NEWEST, PRINTED)
    assert found == "name"
    assert moment is not None
    assert abs(moment - PRINTED) < timedelta(days=2)


def test_the_content_counts_if_the_names_stamp_is_of_another_day(
    empty_lake: Lake, seen: Seen
) -> None:
    assert as_of(empty_lake, seen(name=WEEK_AFTER), NEWEST, PRINTED) == (PRINTED, "content")


def test_the_content_counts_before_what_is_stated(empty_lake: Lake, seen: Seen) -> None:
    assert as_of(empty_lake, seen(stated=STATED), NEWEST, PRINTED) == (PRINTED, "content")


def test_what_is_stated_counts_before_the_newest_day(empty_lake: Lake, seen: Seen) -> None:
    assert as_of(empty_lake, seen(stated=STATED), NEWEST) == (STATED, "stated")
    assert as_of(empty_lake, seen(), NEWEST) == (NEWEST, "newest period")


def test_an_extractors_time_counts_before_all(empty_lake: Lake, seen: Seen) -> None:
    captured = seen(name=WEEK_AFTER, stated=STATED, captured_at=NEWEST)
    assert as_of(empty_lake, captured, None, PRINTED) == (NEWEST, "capture")


def said(lake: Lake, capture: CaptureRecord, clock: str | None) -> list[Standing]:
    """What is said of a page that prints a clock of twelve hours."""
    profile = Profile(
        file_id=capture.file_id,
        definition_id=APPLE_DAILY.definition_id,
        layout="apple_page",
        rows=1,
        chunks={},
        printed_at=PRINTED.isoformat(),
        printed_clock=clock,
    )
    told = judge(NoComparison(), APPLE_DAILY, [sight(lake, capture, profile)], [], {})
    assert len(told.counted) == 1
    return list(told.standings)


def test_a_stamp_of_another_day_is_a_warning(empty_lake: Lake, seen: Seen) -> None:
    (told,) = said(empty_lake, seen(name=WEEK_AFTER), "08:51:56")
    assert (told.status, told.code) == ("warning", "stamp_differs")
    assert "2025-05-29" in told.reason
    assert "2025-05-22" in told.reason


@pytest.mark.parametrize("clock", ["08:51:56", "08:50:00", None])
def test_name_and_content_that_agree_say_nothing(
    empty_lake: Lake, seen: Seen, clock: str | None
) -> None:
    assert said(empty_lake, seen(name=SAME_DAY), clock) == []


def test_a_clock_of_twelve_hours_agrees_in_the_afternoon_too(empty_lake: Lake, seen: Seen) -> None:
    assert said(empty_lake, seen(name="stats_20250522_205156.html"), "08:51:56") == []


def test_another_hour_says_that_the_zone_differs(empty_lake: Lake, seen: Seen) -> None:
    (told,) = said(empty_lake, seen(name=SAME_DAY), "03:51:56")
    assert (told.status, told.code) == ("information", "zone_differs")
    assert "5 h apart" in told.reason
    assert "time zone" in told.next_step


def test_the_accounts_zone_makes_them_agree(empty_lake: Lake, seen: Seen) -> None:
    config = read_config(CONFIG_TEXT.replace('"UTC"', '"America/Los_Angeles"'))
    there = replace(empty_lake, config=config)
    assert said(there, seen(name=SAME_DAY), "03:51:56") == []
    moment, _ = as_of(there, seen(name=SAME_DAY), NEWEST, PRINTED)
    assert moment == datetime(2025, 5, 22, 15, 51, 56, tzinfo=UTC)


def test_a_page_without_a_stamp_says_nothing_of_time(empty_lake: Lake, seen: Seen) -> None:
    assert said(empty_lake, seen(), "03:51:56") == []


@pytest.mark.parametrize("moment", [None, NEWEST])
def test_a_level_of_no_known_moment_is_set_aside(
    empty_lake: Lake, seen: Seen, moment: datetime | None
) -> None:
    capture = seen(stated=moment)
    profile = Profile(file_id=capture.file_id, definition_id="d", layout="csv", rows=1, chunks={})
    told = judge(NoComparison(), LEVELS, [sight(empty_lake, capture, profile)], [], {})
    codes = [standing.code for standing in told.standings]
    assert (len(told.counted), codes) == ((0, ["unknown_moment"]) if moment is None else (1, []))


def test_a_moment_that_was_stated_ends_what_stood_against_the_bytes(
    empty_lake: Lake, seen: Seen
) -> None:
    bare = seen()
    answer = {"answers": bare.capture_id}
    captures = [bare, seen(stated=NEWEST, account="second", parameters=answer)]
    file_id = captures[0].file_id
    profile = Profile(file_id=file_id, definition_id="d", layout="csv", rows=1, chunks={})
    sights = [sight(empty_lake, capture, profile) for capture in captures]
    told = judge(NoComparison(), LEVELS, with_moments(sights), [], {})
    assert [one.capture.account_id for one in told.counted] == ["second"]
    assert told.standings == ()


def test_a_copy_of_no_known_moment_is_as_old_as_the_one_that_has_one(
    empty_lake: Lake, seen: Seen
) -> None:
    captures = [seen(), seen(stated=NEWEST)]
    profile = Profile(
        file_id=captures[0].file_id, definition_id="d", layout="csv", rows=1, chunks={}
    )
    sights = with_moments([sight(empty_lake, capture, profile) for capture in captures])
    assert {one.as_of for one in sights} == {NEWEST}


def test_the_archives_moment_counts_before_a_stamp_in_the_name(
    empty_lake: Lake, seen: Seen
) -> None:
    capture = seen(name=WEEK_AFTER, parameters={"moment": STATED.isoformat()})
    assert as_of(empty_lake, capture, NEWEST) == (STATED, "archive")
