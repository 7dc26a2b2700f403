"""What names and times of a capture say of an export."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import Any

import pytest

from bedrot.catalog.records import CaptureRecord
from bedrot.sources.tiktok.captures import (
    account_in_name,
    member_moment,
    moment_is_known,
    window_of,
    window_or_moment,
)
from bedrot.sources.tiktok.synthetic import archive_name

NOW = datetime(2026, 1, 1, tzinfo=UTC)
NAME = archive_name(date(2024, 5, 28), date(2025, 5, 27), "zone.a0")


def capture(**told: Any) -> CaptureRecord:
    needed = {
        "source": "tiktok",
        "stream": "overview",
        "account_id": "main",
        "sha256": "0" * 64,
        "size_bytes": 1,
        "name": "Overview.csv",
        "landed_at": NOW,
    }
    return CaptureRecord(**{**needed, **told})


def test_the_archive_names_its_window() -> None:
    told = window_of(capture(container=f"{NAME}#0123456789abcdef"))
    assert told == {"window": "2024-05-28..2025-05-27"}


@pytest.mark.parametrize(("at", "is_possible"), [(time(10, 59, 59), True), (time(11, 0), False)])
def test_seconds_of_a_western_evening_may_be_those_of_the_next_day(
    at: time, is_possible: bool
) -> None:
    name = archive_name(date(2025, 3, 1), date(2025, 3, 31), "a", at=at)
    told = window_of(capture(container=f"{name}#0"))
    assert told.get("evening") == ("possible" if is_possible else None)
    stated = capture(container=f"{name}#0", parameters={"window": "2025-03-01..2025-03-31"})
    assert set(window_of(stated)) == {"window"}


@pytest.mark.parametrize("at", [time(0, 0), time(23, 59, 59)])
def test_the_last_day_is_the_utc_date_of_the_seconds(at: time) -> None:
    name = archive_name(date(2025, 3, 1), date(2025, 3, 31), "a", at=at)
    assert window_of(capture(container=f"{name}#0"))["window"].endswith("2025-03-31")


def test_a_stated_window_outranks_the_name() -> None:
    record = capture(container=f"{NAME}#0", parameters={"window": "2025-05-28..2026-05-27"})
    assert window_of(record) == {"window": "2025-05-28..2026-05-27"}


@pytest.mark.parametrize(
    "container",
    [None, "export.zip#0", "Overview_zone.a0.zip#0", "Overview_2024-13-40_1748345895_a.zip#0"],
)
def test_other_names_say_no_window(container: str | None) -> None:
    assert window_of(capture(container=container)) == {}


@pytest.mark.parametrize(
    ("name", "account"),
    [
        (NAME, "zone.a0"),
        (NAME.replace(".zip", " (1).zip"), "zone.a0"),
        (NAME.replace("zone.a0", "a_b.c_2"), "a_b.c_2"),
        (f"downloads/{NAME}", "zone.a0"),
        ("Followers_zone.a0.zip", "zone.a0"),
        ("Viewers_2026-01-01_1769817600_x.zip", "x"),
        ("holiday_pictures.zip", None),
        ("Overview.csv", None),
    ],
)
def test_the_account_is_the_handle_behind_the_seconds(name: str, account: str | None) -> None:
    assert account_in_name("Overview.csv", f"{name}#0123456789abcdef") == account


COPY_MARKS = [
    " copy",
    " copy 2",
    " - Copy",
    " - Copy (2)",
    "-1",
    " 2",
    "(1)",
    " (12)",
    " (copy)",
    " (1) copy",
    " - Kopie",
    " Kopie 2",
    " copie",
    " - copia (3)",
    " - Co\u0301pia",
]


@pytest.mark.parametrize("mark", COPY_MARKS)
def test_a_copy_is_of_the_same_account(mark: str) -> None:
    name = NAME.replace(".zip", f"{mark}.zip")
    assert account_in_name("Overview.csv", f"given/{name}#0") == "zone.a0"
    assert window_of(capture(container=f"{name}#0")) == window_of(capture(container=f"{NAME}#0"))
    assert member_moment(capture(container=f"{name}#0", member_time=NOW)) == NOW


def test_a_handle_has_no_case() -> None:
    assert account_in_name("Overview.csv", f"{NAME.replace('zone.a0', 'Zone.A0')}#0") == "zone.a0"
    assert account_in_name("Overview.csv", "followers_ZONE.a0.ZIP#0") == "zone.a0"


@pytest.mark.parametrize(
    "tail", [" 副本", "のコピー", " old", " - May", "-2025", "!", " copy of mine", ".", ".zip", "é"]
)
def test_a_tail_that_no_handle_has_names_nobody_and_keeps_the_window(tail: str) -> None:
    name = NAME.replace(".zip", f"{tail}.zip")
    assert account_in_name("Overview.csv", f"{name}#0") is None
    assert window_of(capture(container=f"{name}#0")) == window_of(capture(container=f"{NAME}#0"))
    assert account_in_name("Overview.csv", f"Followers_zone.a0{tail}.zip#0") is None


@pytest.mark.parametrize("name", ["Overview_2024-05.zip", "Overview_may 2.zip", "Content_a-2.zip"])
def test_what_may_be_a_date_is_no_mark_of_a_copy(name: str) -> None:
    assert account_in_name("Overview.csv", f"{name}#0") is None


def test_a_loose_file_names_no_account() -> None:
    assert account_in_name("zone.a0/Overview.csv", None) is None


@pytest.mark.parametrize(
    "told",
    [
        {"as_of_stated": NOW},
        {"captured_at": NOW},
        {"name": "FollowerGender_20260326_101500.csv"},
        {"container": "tiktok_20260326_101500.zip#0"},
    ],
)
def test_a_moment_is_known_whatever_it_is(told: dict[str, Any]) -> None:
    assert moment_is_known(capture(**told)) == {"moment": "known"}
    assert moment_is_known(capture()) == {}


def test_only_tiktoks_own_archives_have_a_moment() -> None:
    told = {"member_time": NOW}
    assert member_moment(capture(container=f"{NAME}#0", **told)) == NOW
    assert member_moment(capture(container="Followers_a.b.zip#0", **told)) == NOW
    assert member_moment(capture(container="packed_by_me.zip#0", **told)) is None
    assert member_moment(capture(container=None, **told)) is None


def test_posts_go_by_the_window_and_else_by_a_moment() -> None:
    both = capture(container=f"{NAME}#0", as_of_stated=NOW)
    assert set(window_or_moment(both)) == {"window"}
    assert set(window_or_moment(capture(as_of_stated=NOW))) == {"moment"}
    assert window_or_moment(capture()) == {}
