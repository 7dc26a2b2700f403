"""The rules of daily figures, one by one."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import permutations

import pytest

from bedrot.testing.daily_merging import MergeDaily, daily, figure


@pytest.mark.parametrize("days", list(permutations((1, 2, 3))))
def test_the_newest_value_stands_in_whatever_order_hashes_and_times_lie(
    merge_flow: MergeDaily, days: tuple[int, int, int]
) -> None:
    captures = [daily(f"f{day}", day, figure(1, day)) for day in days]
    assert merge_flow(*captures).streams == [3]


def test_the_newest_decides_each_day_for_itself(merge_flow: MergeDaily) -> None:
    old = daily("aa", 1, figure(1, 10), figure(2, 20))
    new = daily("bb", 2, figure(2, 21), figure(3, 30))
    told = merge_flow(new, old)
    assert told.streams == [10, 21, 30]
    assert told.told == [("streams", 20, 21, "bb")]


def test_an_older_capture_fills_days_that_no_newer_one_covers(merge_flow: MergeDaily) -> None:
    oldest = daily("aa", 1, figure(1, 10), figure(2, 20), figure(3, 30))
    middle = daily("bb", 2, figure(1, 11))
    newest = daily("cc", 3, figure(3, 33))
    assert merge_flow(newest, oldest, middle).streams == [11, 20, 33]


@pytest.mark.parametrize("other", [0, 1])
def test_a_value_may_fall_and_the_newest_stands(merge_flow: MergeDaily, other: int) -> None:
    assert merge_flow(daily("aa", 1, figure(1, 5)), daily("bb", 2, figure(1, other))).streams == [
        other
    ]


def test_an_unknown_time_loses_to_any_known_one(merge_flow: MergeDaily) -> None:
    unknown, known = daily("00", None, figure(1, 1)), daily("ff", 1, figure(1, 2))
    assert merge_flow(unknown, known).streams == [2]
    assert merge_flow(known, unknown).told == [("streams", 1, 2, "ff")]


def test_an_unknown_time_still_fills_days(merge_flow: MergeDaily) -> None:
    unknown = daily("00", None, figure(1, 1), figure(2, 9))
    assert merge_flow(unknown, daily("ff", 1, figure(1, 2))).streams == [2, 9]


def test_of_two_values_of_one_moment_the_smaller_hash_stands_and_it_is_a_conflict(
    merge_flow: MergeDaily,
) -> None:
    one, other = daily("11", 1, figure(1, 5)), daily("99", 1, figure(1, 6))
    told = merge_flow(one, other)
    assert told == merge_flow(other, one)
    assert (told.streams, told.told) == ([5], [("streams", 6, 5, "11")])
    assert told.changes[0].is_conflict


def test_two_values_of_unknown_time_are_a_conflict_too(merge_flow: MergeDaily) -> None:
    told = merge_flow(daily("99", None, figure(1, 6)), daily("11", None, figure(1, 5)))
    assert told.streams == [5]
    assert [change.is_conflict for change in told.changes] == [True]


def test_values_of_two_moments_are_no_conflict(merge_flow: MergeDaily) -> None:
    told = merge_flow(daily("99", None, figure(1, 6)), daily("11", 1, figure(1, 5)))
    assert [change.is_conflict for change in told.changes] == [False]


def test_a_value_that_is_seen_again_conflicts_with_another_of_that_moment(
    merge_flow: MergeDaily,
) -> None:
    first, again = daily("99", 1, figure(1, 6)), daily("99", 2, figure(1, 6))
    told = merge_flow(first, again, daily("11", 2, figure(1, 5)))
    assert told.told == [("streams", 6, 5, "11")]
    assert told.changes[0].is_conflict


def test_a_value_that_comes_back_is_published_and_both_changes_are_told(
    merge_flow: MergeDaily,
) -> None:
    told = merge_flow(
        daily("aa", 3, figure(1, 1)), daily("bb", 2, figure(1, 2)), daily("aa", 1, figure(1, 1))
    )
    assert told.streams == [1]
    assert told.told == [("streams", 1, 2, "bb"), ("streams", 2, 1, "aa")]


def test_a_row_comes_from_the_earliest_capture_that_carries_what_stands(
    merge_flow: MergeDaily,
) -> None:
    first = daily("cc", 1, figure(1, 5))
    later = daily("aa", 2, figure(1, 5), figure(2, 7))
    last = daily("bb", 3, figure(1, 5), figure(2, 7), figure(3, 9))
    told = merge_flow(last, first, later)
    assert [(row.file_id, row.as_of) for row in told.rows] == [
        ("cc", datetime(2025, 6, 1, tzinfo=UTC)),
        ("aa", datetime(2025, 6, 2, tzinfo=UTC)),
        ("bb", datetime(2025, 6, 3, tzinfo=UTC)),
    ]


def test_a_value_that_came_back_comes_from_where_it_was_first_said(merge_flow: MergeDaily) -> None:
    told = merge_flow(
        daily("cc", 1, figure(1, 1)), daily("bb", 2, figure(1, 2)), daily("aa", 3, figure(1, 1))
    )
    assert [row.file_id for row in told.rows] == ["cc"]


def test_of_two_captures_of_one_moment_the_smaller_hash_is_the_earlier(
    merge_flow: MergeDaily,
) -> None:
    told = merge_flow(daily("99", 1, figure(1, 5), figure(2, 7)), daily("11", 1, figure(1, 5)))
    assert [row.file_id for row in told.rows] == ["11", "99"]


def test_a_replaced_value_comes_from_the_capture_that_replaced_it(merge_flow: MergeDaily) -> None:
    told = merge_flow(daily("aa", 1, figure(1, 5)), daily("bb", 2, figure(1, 6)))
    assert [row.file_id for row in told.rows] == ["bb"]


def test_two_measures_are_two_restatements(merge_flow: MergeDaily) -> None:
    old, new = daily("aa", 1, figure(1, 5, saves=1)), daily("bb", 2, figure(1, 6, saves=2))
    assert merge_flow(old, new).told == [("saves", 1, 2, "bb"), ("streams", 5, 6, "bb")]


def test_a_measure_that_stays_is_not_restated(merge_flow: MergeDaily) -> None:
    old, new = daily("aa", 1, figure(1, 5, saves=1)), daily("bb", 2, figure(1, 5, saves=2))
    assert merge_flow(old, new).told == [("saves", 1, 2, "bb")]


def test_a_renamed_text_restates_nothing_and_the_newest_one_stands(merge_flow: MergeDaily) -> None:
    old, new = daily("aa", 1, figure(1, 5, item="Old")), daily("bb", 2, figure(1, 5, item="New"))
    told = merge_flow(old, new)
    assert [row.figure.item for row in told.rows] == ["New"]
    assert told.told == []


def test_null_is_a_value_of_its_own(merge_flow: MergeDaily) -> None:
    told = merge_flow(
        daily("aa", 1, figure(1, None)),
        daily("bb", 2, figure(1, 0)),
        daily("cc", 3, figure(1, None)),
    )
    assert told.streams == [None]
    assert told.told == [("streams", None, 0, "bb"), ("streams", 0, None, "cc")]


def test_equal_nulls_restate_nothing(merge_flow: MergeDaily) -> None:
    old, new = daily("aa", 1, figure(1, None)), daily("bb", 2, figure(1, None), figure(2, 3))
    told = merge_flow(old, new)
    assert (told.streams, told.told) == ([None, 3], [])
    assert told.rows[0].file_id == "aa"


def test_accounts_and_scopes_never_meet(merge_flow: MergeDaily) -> None:
    ours = daily("aa", 1, figure(1, 60), account_id="ours")
    theirs = daily("bb", 2, figure(1, 40), figure(1, 7, scope="track:1"), account_id="theirs")
    told = merge_flow(ours, theirs)
    assert (told.streams, told.told) == ([60, 40, 7], [])


def test_the_newest_days_are_provisional(merge_flow: MergeDaily) -> None:
    assert merge_flow(daily("aa", 1, *(figure(n, n) for n in (1, 2, 3, 4)))).provisional == [3, 4]


def test_days_are_confirmed_once_a_capture_ends_two_days_later(merge_flow: MergeDaily) -> None:
    first = daily("aa", 1, *(figure(n, n) for n in (1, 2, 3)))
    again = [figure(2, 2), figure(3, 3)]
    assert merge_flow(first, daily("bb", 2, *again, figure(4, 4))).provisional == [3, 4]
    assert merge_flow(first, daily("bb", 2, *again, figure(5, 5))).provisional == [5]
    assert merge_flow(daily("bb", 2, *again, figure(5, 5)), first).provisional == [5]


def test_a_later_capture_that_does_not_tell_a_day_confirms_nothing_of_it(
    merge_flow: MergeDaily,
) -> None:
    first = daily("aa", 1, *(figure(n, n) for n in (1, 2, 3)))
    assert merge_flow(first, daily("bb", 2, figure(9, 9))).provisional == [2, 3, 9]
    assert merge_flow(first, daily("bb", 2, figure(33, 1))).provisional == [2, 3]


def test_a_capture_that_ends_in_another_month_confirms_too(merge_flow: MergeDaily) -> None:
    last_days = daily("aa", 1, figure(30, 1), figure(31, 1))
    assert merge_flow(last_days).provisional == [30, 31]
    again = [figure(30, 1), figure(31, 1)]
    assert merge_flow(last_days, daily("bb", 2, *again, figure(32, 1))).provisional == [31]
    assert merge_flow(last_days, daily("bb", 2, *again, figure(33, 1))).provisional == []


def test_a_later_capture_that_ends_on_the_same_day_confirms_nothing(merge_flow: MergeDaily) -> None:
    first = daily("aa", 1, figure(1, 1), figure(2, 2))
    told = merge_flow(first, daily("bb", 9, figure(1, 1), figure(2, 3)))
    assert told.provisional == [1, 2]


def test_an_older_capture_that_reaches_further_confirms_all_the_same(
    merge_flow: MergeDaily,
) -> None:
    far = daily("aa", 1, figure(1, 1), figure(9, 9))
    assert merge_flow(far, daily("bb", 2, figure(1, 2))).provisional == [9]


def test_accounts_and_scopes_are_confirmed_by_their_own_captures_only(
    merge_flow: MergeDaily,
) -> None:
    ours = daily("aa", 1, figure(1, 1), figure(1, 1, scope="track:1"), account_id="ours")
    theirs = daily("bb", 2, figure(9, 9), account_id="theirs")
    longer = daily("cc", 3, figure(1, 1), figure(9, 9), account_id="ours")
    assert merge_flow(ours, theirs).provisional == [1, 1, 9]
    told = merge_flow(ours, longer)
    assert [row.figure.scope for row in told.rows if row.is_provisional] == ["all", "track:1"]


def test_a_day_that_a_sole_capture_tells_twice_is_one_and_its_file_never_stands(
    merge_flow: MergeDaily,
) -> None:
    told = merge_flow(daily("aa", 1, figure(1, 5), figure(1, 5), figure(2, 3)))
    assert (told.streams, told.stands) == ([5, 3], False)
    assert not merge_flow(daily("aa", 1, figure(1, 5))).stands
