"""The rules of lists that are told whole for each window, one by one."""

from __future__ import annotations

import pytest

from bedrot.testing.daily_merging import Figure, MergeDaily, daily, figure


def item(name: str, streams: int | None, day: int = 1, **other: int) -> Figure:
    return figure(day, streams, item=name, **other)


def test_a_newer_capture_of_a_window_replaces_the_whole_of_it(merge_window: MergeDaily) -> None:
    old = daily("aa", 1, item("a", 5), item("b", 3), item("c", 1))
    new = daily("bb", 2, item("a", 6), item("b", 3))
    told = merge_window(new, old)
    assert [(row.figure.item, row.figure.streams) for row in told.rows] == [("a", 6), ("b", 3)]


def test_an_item_that_is_gone_is_a_restatement_to_nothing(merge_window: MergeDaily) -> None:
    old, new = daily("aa", 1, item("a", 5), item("b", 3)), daily("bb", 2, item("a", 5))
    (streams,) = [one for one in merge_window(old, new).changes if one.measure == "streams"]
    assert (streams.item, streams.old, streams.new, streams.file_id) == ("b", 3, None, "bb")


def test_an_item_that_comes_is_a_restatement_from_nothing(merge_window: MergeDaily) -> None:
    old, new = daily("aa", 1, item("a", 5)), daily("bb", 2, item("a", 5), item("b", 3))
    (streams,) = [one for one in merge_window(old, new).changes if one.measure == "streams"]
    assert (streams.item, streams.old, streams.new, streams.file_id) == ("b", None, 3, "bb")


def test_the_first_capture_of_a_window_restates_nothing(merge_window: MergeDaily) -> None:
    assert merge_window(daily("aa", 1, item("a", 5), item("b", 3))).told == []


def test_different_windows_never_meet(merge_window: MergeDaily) -> None:
    old, new = daily("aa", 1, item("a", 5, day=1)), daily("bb", 2, item("b", 6, day=2))
    told = merge_window(old, new)
    assert (told.streams, told.told) == ([5, 6], [])


def test_lists_of_one_window_are_told_each_for_itself(merge_window: MergeDaily) -> None:
    old = daily("aa", 1, figure(1, 5, item="a"), figure(1, 7, item="a", scope="track:1"))
    new = daily("bb", 2, figure(1, 6, item="b"))
    told = merge_window(old, new)
    assert [(row.figure.scope, row.figure.item) for row in told.rows] == [
        ("all", "b"),
        ("track:1", "a"),
    ]


def test_accounts_never_meet(merge_window: MergeDaily) -> None:
    ours, theirs = (
        daily("aa", 1, item("a", 60), account_id="ours"),
        daily("bb", 2, item("b", 40), account_id="theirs"),
    )
    told = merge_window(ours, theirs)
    assert (told.streams, told.told) == ([60, 40], [])


def test_an_unknown_time_loses_to_any_known_one(merge_window: MergeDaily) -> None:
    told = merge_window(daily("00", None, item("a", 1)), daily("ff", 1, item("b", 2)))
    assert [row.figure.item for row in told.rows] == ["b"]


@pytest.mark.parametrize("day", [1, None])
def test_of_two_lists_of_one_moment_the_smaller_hash_stands_and_it_is_a_conflict(
    merge_window: MergeDaily, day: int | None
) -> None:
    one, other = daily("11", day, item("a", 5)), daily("99", day, item("a", 6), item("b", 1))
    told = merge_window(one, other)
    assert told == merge_window(other, one)
    assert told.streams == [5]
    assert {change.is_conflict for change in told.changes} == {True}


def test_a_list_that_comes_back_is_published_and_both_changes_are_told(
    merge_window: MergeDaily,
) -> None:
    told = merge_window(
        daily("aa", 1, item("a", 1, saves=0)),
        daily("bb", 2, item("a", 2, saves=0)),
        daily("aa", 3, item("a", 1, saves=0)),
    )
    assert told.streams == [1]
    assert told.told == [("streams", 1, 2, "bb"), ("streams", 2, 1, "aa")]


def test_a_row_comes_from_the_earliest_capture_that_carries_it(merge_window: MergeDaily) -> None:
    first = daily("cc", 1, item("a", 5), item("b", 3))
    told = merge_window(daily("aa", 2, item("a", 5), item("b", 4)), first)
    assert [(row.figure.item, row.file_id) for row in told.rows] == [("a", "cc"), ("b", "aa")]


def test_two_measures_are_two_restatements(merge_window: MergeDaily) -> None:
    old, new = daily("aa", 1, item("a", 5, saves=1)), daily("bb", 2, item("a", 6, saves=2))
    assert merge_window(old, new).told == [("saves", 1, 2, "bb"), ("streams", 5, 6, "bb")]


def test_an_item_of_unknown_streams_is_no_item_that_is_gone(merge_window: MergeDaily) -> None:
    old, new = daily("aa", 1, item("a", 5)), daily("bb", 2, item("a", None))
    told = merge_window(old, new)
    assert (told.streams, told.told) == ([None], [("streams", 5, None, "bb")])


def test_a_window_has_no_provisional_rows(merge_window: MergeDaily) -> None:
    told = merge_window(daily("aa", 1, item("a", 5)))
    assert [row.is_provisional for row in told.rows] == [None]


def test_the_file_of_a_sole_capture_stands_as_it_is(merge_window: MergeDaily) -> None:
    told = merge_window(daily("aa", 1, item("a", 5), item("b", 3)))
    assert (told.streams, told.stands) == ([5, 3], True)


def test_a_row_that_a_sole_capture_tells_twice_is_one_and_its_file_does_not_stand(
    merge_window: MergeDaily,
) -> None:
    told = merge_window(daily("aa", 1, item("a", 5), item("a", 5), item("b", 3)))
    assert (told.streams, told.stands) == ([5, 3], False)
