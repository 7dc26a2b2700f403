"""The rules of the ledger, one by one."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from itertools import permutations

import pytest

from bedrot.testing.merging import Merge, capture, sale


def test_of_two_multisets_the_one_that_contains_the_other_stands(merge: Merge) -> None:
    small = capture("aa", 1, sale("1"), sale("2"))
    large = capture("bb", 2, sale("1"), sale("2"), sale("3"))
    assert merge(small, large).nets == ["1", "2", "3"]
    assert merge(small, large).restated == ()


def test_a_newer_capture_with_fewer_lines_of_a_key_takes_none_away(merge: Merge) -> None:
    large = capture("aa", 1, sale("1"), sale("2"), sale("3"))
    small = capture("bb", 2, sale("2"))
    assert merge(large, small).nets == ["1", "2", "3"]
    assert merge(large, small).restated == ()


def test_equal_lines_of_one_capture_are_all_real(merge: Merge) -> None:
    assert merge(capture("aa", 1, sale("1"), sale("1"), sale("1"))).nets == ["1", "1", "1"]


def test_equal_lines_of_two_captures_count_as_often_as_in_one_never_as_a_sum(merge: Merge) -> None:
    twice = capture("aa", 1, sale("1"), sale("1"), sale("7"))
    thrice = capture("bb", 2, sale("1"), sale("1"), sale("1"), sale("7"))
    assert merge(twice, thrice).nets == ["1", "1", "1", "7"]
    assert merge(replace(twice, day=3), thrice).nets == ["1", "1", "1", "7"]


def test_lines_with_equal_amounts_and_other_units_are_others(merge: Merge) -> None:
    old, new = capture("aa", 1, sale("1", units=5)), capture("bb", 2, sale("1", units=6))
    ((_, stands, _),) = merge(old, new).lines
    assert stands.units == 6


def test_a_key_that_only_one_capture_has_is_kept(merge: Merge) -> None:
    old = capture("aa", 1, sale("1", "old"), sale("5", "both"))
    new = capture("bb", 2, sale("2", "new"), sale("5", "both"))
    assert merge(old, new).nets == ["5", "2", "1"]


def test_the_newest_decides_for_the_contradicted_key_only(merge: Merge) -> None:
    old = capture("aa", 1, sale("1", "a"), sale("2", "b"), sale("3", "b"))
    new = capture("bb", 2, sale("1.5", "a"), sale("2", "b"))
    assert merge(old, new).nets == ["1.5", "2", "3"]
    assert merge(old, new).restated == (("a", Decimal(1), Decimal("1.5"), "bb", False),)


@pytest.mark.parametrize("days", list(permutations((1, 2, 3))))
def test_the_newest_decides_in_whatever_order_hashes_and_times_lie(
    merge: Merge, days: tuple[int, int, int]
) -> None:
    captures = [capture(f"f{day}", day, sale(str(day))) for day in days]
    assert merge(*captures).nets == ["3"]


def test_a_value_that_comes_back_is_published(merge: Merge) -> None:
    first, other, again = (
        capture("aa", 1, sale("1")),
        capture("bb", 2, sale("2")),
        capture("aa", 3, sale("1")),
    )
    told = merge(first, other, again)
    assert told.nets == ["1"]
    assert [old_new[1:4] for old_new in told.restated] == [(1, 2, "bb"), (2, 1, "aa")]


def test_an_unknown_time_loses_to_any_known_one(merge: Merge) -> None:
    unknown, known = capture("00", None, sale("1")), capture("ff", 1, sale("2"))
    assert merge(unknown, known).nets == ["2"]
    assert merge(known, unknown).nets == ["2"]


def test_of_two_values_of_one_moment_the_smaller_hash_stands_and_it_is_a_conflict(
    merge: Merge,
) -> None:
    one, other = capture("11", 1, sale("1")), capture("99", 1, sale("2"))
    assert merge(one, other) == merge(other, one)
    assert merge(one, other).nets == ["1"]
    assert merge(one, other).restated == (("song", Decimal(2), Decimal(1), "11", True),)


def test_two_values_of_unknown_time_are_a_conflict_too(merge: Merge) -> None:
    told = merge(capture("99", None, sale("2")), capture("11", None, sale("1")))
    assert told.nets == ["1"]
    assert [is_conflict for *_, is_conflict in told.restated] == [True]


def test_a_known_value_that_is_seen_again_conflicts_with_another_of_that_moment(
    merge: Merge,
) -> None:
    first, again = capture("99", 1, sale("2")), capture("99", 2, sale("2"))
    told = merge(first, again, capture("11", 2, sale("1")))
    assert told.restated == (("song", Decimal(2), Decimal(1), "11", True),)


def test_amounts_are_compared_at_the_coarser_scale_and_the_finer_one_stands(merge: Merge) -> None:
    coarse = capture("aa", 1, sale("0.12345679"))
    fine = capture("bb", 2, sale("0.123456789012"))
    for told in (merge(coarse, fine), merge(replace(coarse, day=3), fine)):
        assert told.nets == ["0.123456789012"]
        assert told.restated == ()


def test_fine_amounts_are_compared_in_full_with_one_another(merge: Merge) -> None:
    old, new = (
        capture("aa", 1, sale("0.123456789012")),
        capture("bb", 2, sale("0.123456789013")),
    )
    assert merge(old, new).nets == ["0.123456789013"]
    assert len(merge(old, new).restated) == 1


def test_a_coarse_restatement_replaces_a_fine_amount(merge: Merge) -> None:
    fine, coarse = capture("aa", 1, sale("0.123456789012")), capture("bb", 2, sale("0.5"))
    assert merge(fine, coarse).nets == ["0.5"]


def test_equal_fine_amounts_do_not_fall_together_at_the_coarse_scale(merge: Merge) -> None:
    fine = capture("aa", 1, sale("0.100000000001"), sale("0.100000000002"))
    coarse = capture("bb", 2, sale("0.1"), sale("0.1"))
    assert merge(fine, coarse).nets == ["0.100000000001", "0.100000000002"]


def test_two_accounts_are_never_merged(merge: Merge) -> None:
    ours = capture("aa", 1, sale("60"), account_id="ours")
    theirs = capture("bb", 2, sale("40"), account_id="theirs")
    assert merge(ours, theirs).nets == ["60", "40"]
    assert merge(ours, theirs).restated == ()


def test_equal_lines_of_two_accounts_both_count(merge: Merge) -> None:
    ours = capture("aa", 1, sale("5"), account_id="ours")
    assert merge(ours, replace(ours, account_id="theirs")).nets == ["5", "5"]


def test_a_renamed_title_restates_nothing_and_the_newest_name_stands(merge: Merge) -> None:
    old, new = capture("aa", 1, sale("1", title="Old")), capture("bb", 2, sale("1", title="New"))
    told = merge(old, new)
    assert [one.title for _, one, _ in told.lines] == ["New"]
    assert told.restated == ()


def test_a_line_comes_from_the_earliest_capture_that_carries_it(merge: Merge) -> None:
    first = capture("cc", 1, sale("1"))
    later = capture("aa", 2, sale("1"), sale("9", "more"))
    last = capture("bb", 3, sale("1"), sale("9", "more"))
    told = merge(last, later, first)
    assert [(one.song, file) for _, one, file in told.lines] == [("more", "aa"), ("song", "cc")]


def test_a_value_that_came_back_comes_from_where_it_was_first_said(merge: Merge) -> None:
    told = merge(
        capture("cc", 1, sale("1")), capture("bb", 2, sale("2")), capture("aa", 3, sale("1"))
    )
    assert [file for *_, file in told.lines] == ["cc"]


def test_of_two_captures_of_one_moment_the_smaller_hash_is_the_earlier(merge: Merge) -> None:
    more = sale("9", "more")
    told = merge(capture("11", 1, sale("1")), capture("99", 1, sale("1"), more))
    assert [(one.song, file) for _, one, file in told.lines] == [("more", "99"), ("song", "11")]


def test_every_change_is_a_restatement_with_the_capture_that_made_it(merge: Merge) -> None:
    told = merge(
        capture("dd", 4, sale("2"), sale("6", "new")),
        capture("cc", 1, sale("1")),
        capture("aa", 2, sale("2")),
        capture("bb", 2, sale("3")),
    )
    assert told.restated == (
        ("song", Decimal(1), Decimal(3), "bb", False),
        ("song", Decimal(3), Decimal(2), "aa", True),
    )


def test_a_withdrawing_capture_removes_exactly_the_lines_that_it_lacks(merge: Merge) -> None:
    old = capture(
        "aa", 1, sale("1", "kept"), sale("2", "gone"), sale("3", "other", artist="Bob"),
        sale("4", "earlier", day=date(2025, 3, 1)),
    )  # fmt: skip
    new = replace(capture("bb", 2, sale("1", "kept")), is_withdrawing=True)
    told = merge(old, new)
    assert sorted(one.song for _, one, _ in told.lines) == ["earlier", "kept", "other"]
    assert told.restated == (("gone", Decimal(2), Decimal(0), "bb", False),)


def test_a_withdrawing_capture_with_fewer_equal_lines_decides_their_number(merge: Merge) -> None:
    old = capture("aa", 1, sale("1"), sale("1"), sale("1"))
    new = replace(capture("bb", 2, sale("1")), is_withdrawing=True)
    assert merge(old, new).nets == ["1"]


def test_a_withdrawn_line_that_a_newer_capture_has_again_stands(merge: Merge) -> None:
    old = capture("aa", 1, sale("1", "kept"), sale("2", "gone"))
    gone = replace(capture("bb", 2, sale("1", "kept")), is_withdrawing=True)
    told = merge(old, gone, replace(old, day=3))
    assert sorted(one.song for _, one, _ in told.lines) == ["gone", "kept"]


def test_a_withdrawal_speaks_for_its_own_account_only(merge: Merge) -> None:
    ours = capture("aa", 1, sale("1", "kept"), sale("2", "gone"), account_id="ours")
    theirs = replace(ours, account_id="theirs")
    gone = replace(capture("bb", 2, sale("1", "kept"), account_id="ours"), is_withdrawing=True)
    told = merge(ours, theirs, gone)
    assert [one.song for account, one, _ in told.lines if account == "theirs"] == ["gone", "kept"]
    assert [one.song for account, one, _ in told.lines if account == "ours"] == ["kept"]
