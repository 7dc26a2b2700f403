"""Where the year comes from, and what becomes of files that nothing dates."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from bedrot.errors import RejectedPayloadError
from bedrot.sources.tiktok import (
    FOLLOWER_ACTIVITY_STREAM,
    FOLLOWER_HISTORY_STREAM,
    OVERVIEW_STREAM,
    SOURCE,
    VIEWERS_STREAM,
)
from bedrot.sources.tiktok.daily import read_overview
from bedrot.sources.tiktok.synthetic import activity, daily

Refused = Callable[..., RejectedPayloadError]
Typed = Callable[..., list[dict[str, Any]]]


FIGURES = [5, 4, 3, 2, 1]


def days(first: date, count: int) -> list[date]:
    return [first + timedelta(days=n) for n in range(count)]


def window(first: date, last: date) -> dict[str, str]:
    return {"window": f"{first}..{last}"}


YEAR = days(date(2024, 5, 28), 365)
OVERVIEW = daily("overview", dict.fromkeys(YEAR, FIGURES))


def test_a_year_later_the_same_bytes_are_a_year_later(typed: Typed) -> None:
    """F11: the original dated every export from 2024 on."""
    for year in (2024, 2025):
        given = window(date(year, 5, 28), date(year + 1, 5, 27))
        rows = typed(OVERVIEW_STREAM, OVERVIEW, given)
        assert [row["day_date"] for row in rows] == days(date(year, 5, 28), 365)


def test_a_window_with_29_february_refuses_a_year_without(refused: Refused) -> None:
    error = refused(OVERVIEW_STREAM, OVERVIEW, window(date(2023, 5, 28), date(2024, 5, 27)))
    assert error.code == "window_disagrees"
    assert "has 366" in str(error)


@pytest.mark.parametrize(
    ("stream", "content"),
    [
        (OVERVIEW_STREAM, OVERVIEW),
        (VIEWERS_STREAM, daily("viewers", {YEAR[0]: [3, 2, 1]})),
        (FOLLOWER_HISTORY_STREAM, daily("follower_history", {YEAR[0]: [3, 0]})),
        (FOLLOWER_ACTIVITY_STREAM, activity({YEAR[0]: [1] * 24})),
    ],
)
def test_without_a_window_nobody_can_let_it_pass(
    stream: object, content: bytes, refused: Refused
) -> None:
    error = refused(stream, content, {}, "missing_window")
    assert error.code == "missing_window"
    assert "--account NAME --window FIRST..LAST" in str(error.next_step)


@pytest.mark.parametrize("lost", [0, 100, 364])
def test_a_missing_day_disagrees(lost: int, refused: Refused) -> None:
    content = daily("overview", {d: FIGURES for n, d in enumerate(YEAR) if n != lost})
    error = refused(OVERVIEW_STREAM, content, window(YEAR[0], YEAR[-1]), "window_disagrees")
    assert error.code == "window_disagrees"


WEEK = days(date(2024, 12, 28), 7)
EVENING = {**window(WEEK[0], date(2025, 1, 4)), "evening": "possible"}


@pytest.mark.parametrize("turn", [1, -1])
def test_an_evening_in_the_west_ends_its_window_a_day_earlier(turn: int, typed: Typed) -> None:
    content = daily("overview", dict.fromkeys(WEEK[::turn], FIGURES))
    rows = typed(OVERVIEW_STREAM, content, EVENING)
    assert [row["day_date"] for row in rows] == WEEK[::turn]


def test_an_evening_in_the_west_is_said(tmp_path: Path) -> None:
    path = tmp_path / "Overview.csv"
    path.write_bytes(daily("overview", dict.fromkeys(WEEK, FIGURES)))
    assert [note.code for note in read_overview(path, frozenset(), EVENING).notes] == ["ends_early"]
    given = window(WEEK[0], WEEK[-1]) | {"evening": "possible"}
    assert read_overview(path, frozenset(), given).notes == ()


@pytest.mark.parametrize(
    ("told", "given"),
    [
        (WEEK, window(WEEK[0], date(2025, 1, 4))),
        (WEEK[:-1], EVENING),
        (WEEK[1:], EVENING),
        (WEEK[:3] + WEEK[4:], EVENING),
        ([*WEEK[:3], WEEK[4], WEEK[3], *WEEK[5:]], EVENING),
        (WEEK[:1], {**window(WEEK[0], WEEK[2]), "evening": "possible"}),
        (WEEK[:1], {**window(WEEK[1], WEEK[1]), "evening": "possible"}),
    ],
)
def test_an_evening_in_the_west_lets_nothing_else_through(
    told: list[date], given: dict[str, str], refused: Refused
) -> None:
    content = daily("overview", dict.fromkeys(told, FIGURES))
    assert refused(OVERVIEW_STREAM, content, given).code == "window_disagrees"


@pytest.mark.parametrize(
    "told", ["2025-01-01..2024-01-01", "2024..2025", "", "2020-01-01..2025-01-01"]
)
def test_a_window_that_is_none_disagrees(told: str, refused: Refused) -> None:
    assert refused(OVERVIEW_STREAM, OVERVIEW, {"window": told}).code == "window_disagrees"


def test_printed_years_need_no_window(typed: Typed) -> None:
    told = days(date(2025, 12, 30), 4)
    content = daily("business_overview", dict.fromkeys(told, range(11)))
    rows = typed(OVERVIEW_STREAM, content, {})
    assert [row["day_date"] for row in rows] == told
    assert typed(OVERVIEW_STREAM, content, window(told[0], told[-1])) == rows


def test_printed_years_outrank_no_window(refused: Refused) -> None:
    content = daily("business_overview", dict.fromkeys(days(date(2025, 3, 1), 3), range(11)))
    given = window(date(2024, 3, 1), date(2024, 3, 3))
    assert refused(OVERVIEW_STREAM, content, given).code == "window_disagrees"


def test_activity_ends_with_the_export_after_its_window(typed: Typed) -> None:
    told = days(date(2025, 12, 28), 8)
    content = activity(dict.fromkeys(told, range(24)))
    rows = typed(FOLLOWER_ACTIVITY_STREAM, content, window(date(2025, 12, 6), date(2026, 1, 2)))
    assert [row["day_date"] for row in rows[::24]] == told
    assert [row["day_hour"] for row in rows[:24]] == list(range(24))


def test_activity_far_from_its_window_disagrees(refused: Refused) -> None:
    content = activity(dict.fromkeys(days(date(2025, 6, 1), 7), range(24)))
    given = window(date(2025, 1, 1), date(2025, 1, 31))
    assert refused(FOLLOWER_ACTIVITY_STREAM, content, given).code == "window_disagrees"


def test_activity_lacking_an_hour_was_cut(refused: Refused, typed: Typed) -> None:
    content = activity({YEAR[0]: [1] * 24, YEAR[1]: [1] * 23})
    given = window(YEAR[0], YEAR[1])
    assert refused(FOLLOWER_ACTIVITY_STREAM, content, given).code == "hours_missing"
    assert len(typed(FOLLOWER_ACTIVITY_STREAM, content, given, "hours_missing")) == 47


@pytest.mark.parametrize("stream", SOURCE.streams, ids=lambda stream: stream.name)
def test_the_newest_day_is_provisional_where_days_are_told(stream: object) -> None:
    contract = stream.contract  # type: ignore[attr-defined]
    expected = 1 if contract.kind == "flow" else None
    assert contract.properties.get("provisionalDays") == expected
