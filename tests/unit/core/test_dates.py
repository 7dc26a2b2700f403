from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bedrot.core.dates import read_moment, stamp_in_name, start_of_day
from bedrot.errors import UsageError

LOS_ANGELES = ZoneInfo("America/Los_Angeles")
BERLIN = ZoneInfo("Europe/Berlin")
HALF_PAST_TEN = datetime(2025, 5, 27, 10, 29, 36, tzinfo=UTC)


@pytest.mark.parametrize(
    "name",
    [
        "bank_details_20250527_102936.tsv",
        "20250527_102936",
        "export-2025-05-27T10-29-36.csv",
        "export 2025-05-27 10.29.36.csv",
        "report_20250527102936.csv",
        "20250527_102936/details.tsv",
        "a\\20250527_102936\\details.tsv",
    ],
)
def test_a_stamp_is_found_in_a_name(name: str) -> None:
    assert stamp_in_name(name, ZoneInfo("UTC")) == HALF_PAST_TEN


@pytest.mark.parametrize(
    "name",
    [
        "details.tsv",
        "details_2025-05-27.tsv",
        "400000000013.tsv",
        "120250527_102936.tsv",
        "20250527_1029361.tsv",
        "20250230_102936.tsv",
        "20251327_102936.tsv",
        "20250527_252936.tsv",
        "",
    ],
)
def test_digits_that_are_no_stamp_are_none(name: str) -> None:
    assert stamp_in_name(name, ZoneInfo("UTC")) is None


def test_a_stamp_is_local_time_of_the_zone_in_summer_and_winter() -> None:
    summer = stamp_in_name("20250527_102936", LOS_ANGELES)
    winter = stamp_in_name("20250127_102936", LOS_ANGELES)
    assert summer == datetime(2025, 5, 27, 17, 29, 36, tzinfo=UTC)
    assert winter == datetime(2025, 1, 27, 18, 29, 36, tzinfo=UTC)


def test_the_files_own_name_comes_before_its_folders() -> None:
    name = "20240101_000000/20240202_000000/details_20250527_102936.tsv"
    assert stamp_in_name(name, ZoneInfo("UTC")) == HALF_PAST_TEN


def test_the_nearest_folder_comes_first() -> None:
    name = "20240101_000000/20250527_102936/details.tsv"
    assert stamp_in_name(name, ZoneInfo("UTC")) == HALF_PAST_TEN


def test_a_stamp_is_an_aware_utc_time() -> None:
    found = stamp_in_name("20250527_102936", BERLIN)
    assert found is not None
    assert found.tzinfo is UTC


@given(st.integers(min_value=946_684_800, max_value=4_102_444_799))
def test_any_stamp_of_this_century_is_read_back(seconds: int) -> None:
    moment = datetime.fromtimestamp(seconds, UTC)
    assert stamp_in_name(f"x_{moment:%Y%m%d_%H%M%S}.tsv", ZoneInfo("UTC")) == moment


def test_a_typed_date_is_local_midnight() -> None:
    assert read_moment("2025-05-27", LOS_ANGELES) == datetime(2025, 5, 27, 7, tzinfo=UTC)


def test_a_typed_time_keeps_its_own_offset() -> None:
    read = read_moment("2025-05-27T12:29:36+02:00", LOS_ANGELES)
    assert read == HALF_PAST_TEN
    assert read.utcoffset() == timedelta(0)


def test_what_is_no_time_is_refused_with_an_example() -> None:
    with pytest.raises(UsageError, match="`last friday`") as caught:
        read_moment("last friday", BERLIN)
    assert "2025-05-27" in str(caught.value.next_step)


def test_the_start_of_a_day_is_utc() -> None:
    assert start_of_day(date(2025, 5, 24)) == datetime(2025, 5, 24, tzinfo=UTC)
