"""Days of social accounts: figures as told, followers' changes derived."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

Made = Callable[..., list[dict[str, Any]]]
Row = dict[str, Any]


def day(number: int, **other: Any) -> Row:
    when = date(2025, 5, 30).toordinal() + number
    told = date.fromordinal(when)
    return {
        "account_id": "zone",
        "day_date": told,
        "day_year": f"{told:%Y}",
        "is_provisional": False,
        "_file_id": "f",
        "_row": number,
        **other,
    }


def level(number: int, followers: int | None, **other: Any) -> Row:
    return day(number, follower_count=followers, **other)


def social(made: Made, overview: list[Row], levels: list[Row]) -> list[Row]:
    told = made(
        "fct_social_daily", stg_tiktok__overview=overview, stg_tiktok__follower_history=levels
    )
    return sorted(told, key=lambda row: row["social_date"])


def test_a_change_of_followers_is_the_level_less_that_of_the_day_before(made: Made) -> None:
    told = social(made, [], [level(1, 100), level(2, 97), level(3, 130)])
    assert [row["derived_follower_net_change"] for row in told] == [None, -3, 33]
    assert told[0]["derived_follower_net_change_state"] == "no level of the day before"
    assert {row["social_month"] for row in told} == {"2025-05", "2025-06"}


def test_a_gap_gives_no_day_the_change_of_several(made: Made) -> None:
    told = social(made, [], [level(1, 100), level(3, 130)])
    assert [row["derived_follower_net_change"] for row in told] == [None, None]


def test_a_level_that_is_not_told_leaves_two_changes_open(made: Made) -> None:
    levels = [level(1, 1), level(2, None, follower_count_state="undefined"), level(3, 5)]
    told = social(made, [], levels)
    assert [row["derived_follower_net_change_state"] for row in told] == [
        "no level of the day before",
        "no level",
        "no level of the day before",
    ]
    assert told[1]["follower_count_state"] == "undefined"


def test_the_level_of_another_account_is_not_the_day_before(made: Made) -> None:
    told = social(made, [], [level(1, 100, account_id="pig"), level(2, 97)])
    assert [row["derived_follower_net_change"] for row in told] == [None, None]


def test_a_null_keeps_its_reason_and_zero_is_zero(made: Made) -> None:
    overview = [day(1, video_view_count=0, like_count=None, like_count_state="nan")]
    (row,) = social(made, overview, [])
    assert (row["view_count"], row["view_count_state"]) == (0, None)
    assert (row["like_count"], row["like_count_state"]) == (None, "nan")
    assert (row["follower_count_state"], row["follower_count"]) == ("day not told", None)


def test_a_day_that_only_the_followers_tell_has_a_row(made: Made) -> None:
    (row,) = social(made, [], [level(1, 100)])
    assert (row["follower_count"], row["view_count_state"]) == (100, "day not told")


@pytest.mark.parametrize(
    ("of_figures", "of_level", "of_level_before", "is_provisional"),
    [
        (False, False, False, False),
        (True, False, False, True),
        (False, True, False, True),
        (False, False, True, True),
    ],
)
def test_a_day_is_provisional_if_any_of_its_parts_is(
    made: Made, of_figures: bool, of_level: bool, of_level_before: bool, is_provisional: bool
) -> None:
    levels = [level(1, 1, is_provisional=of_level_before), level(2, 2, is_provisional=of_level)]
    told = social(made, [day(2, is_provisional=of_figures)], levels)
    assert told[-1]["is_provisional"] == is_provisional
