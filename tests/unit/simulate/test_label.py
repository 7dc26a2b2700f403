import re
from collections import Counter
from datetime import date
from decimal import Decimal

import pytest

from bedrot.simulate.catalogue import GUEST, with_check_digit
from bedrot.simulate.label import LAYOUT_CHANGE, Label, make_label, truth_of, with_more_plays
from bedrot.simulate.market import UNITLESS_STORE, UNKNOWN_STORE


@pytest.fixture(scope="module")
def label() -> Label:
    return make_label(5, recordings=12, volume=0.2)


def test_the_same_seed_gives_the_same_label(label: Label) -> None:
    assert make_label(5, recordings=12, volume=0.2) == label


def test_another_seed_gives_another_label(label: Label) -> None:
    assert make_label(6, recordings=12, volume=0.2).truth != label.truth


def test_lines_are_sorted_by_reporting_date(label: Label) -> None:
    dates = [line.reporting_date for line in label.lines]
    assert dates == sorted(dates)
    assert dates[-1] <= date(2026, 7, 31)


def test_all_15_sale_months_have_money(label: Label) -> None:
    months = label.truth.by_sale_month
    assert (len(months), min(months), max(months)) == (15, "2025-03", "2026-05")


def test_lines_of_the_old_layout_have_eight_decimals_later_ones_twelve(label: Label) -> None:
    old = {line.earnings for line in label.lines if line.reporting_date < LAYOUT_CHANGE}
    new = {line.earnings for line in label.lines if line.reporting_date >= LAYOUT_CHANGE}
    assert all(amount == round(amount, 8) for amount in old)
    assert any(amount != round(amount, 8) for amount in new)


def test_codes_are_well_formed(label: Label) -> None:
    isrcs = {recording.isrc for recording in label.recordings}
    assert len(isrcs) == 12
    assert all(re.fullmatch(r"ZZBDR\d{7}", isrc) for isrc in isrcs)
    assert all(with_check_digit(r.upc[:11]) == r.upc for r in label.recordings)
    assert any(recording.upc.startswith("0") for recording in label.recordings)


def test_the_check_digit_is_that_of_a_known_upc() -> None:
    assert with_check_digit("03600029145") == "036000291452"


def test_the_odd_places_are_there(label: Label) -> None:
    assert {line.country for line in label.lines} >= {"NA", "OU", "XK"}


def test_some_lines_are_equal_and_some_share_a_key(label: Label) -> None:
    assert max(Counter(label.lines).values()) > 1


def test_youtube_pays_for_no_unit_at_all(label: Label) -> None:
    unitless = [line for line in label.lines if line.quantity == 0]
    assert {line.store for line in unitless} == {UNITLESS_STORE}
    assert all(line.earnings > 0 for line in unitless)


def test_deductions_are_spotifys_and_carry_units(label: Label) -> None:
    deductions = [line for line in label.lines if line.earnings < 0]
    assert {line.store for line in deductions} == {"Spotify"}
    assert min(line.sale_month for line in deductions) >= "2025-06"
    assert min(line.quantity for line in deductions) > 0


def test_titles_and_splits_are_awkward(label: Label) -> None:
    assert label.recordings[0].title.startswith('"')
    assert not label.recordings[1].title.isascii()
    assert [recording.split for recording in label.recordings].count(50) == 1


def test_one_store_is_unknown_to_everybody(label: Label) -> None:
    assert label.truth.by_store[UNKNOWN_STORE] > 0


def test_albums_have_no_isrc(label: Label) -> None:
    assert {line.source_type for line in label.lines if not line.isrc} == {"Album"}


def test_every_cut_of_the_truth_adds_up(label: Label) -> None:
    truth = label.truth
    assert truth.rows == len(label.lines)
    assert truth.net == truth.sales + truth.deductions
    for cut in (truth.by_sale_month, truth.by_store, truth.by_artist):
        assert sum(cut.values()) == truth.net


def test_minus_zero_is_a_sale(label: Label) -> None:
    minus_zero = [line for line in label.lines if line.earnings == 0]
    truth = truth_of(minus_zero)
    assert (truth.rows, truth.sale_units, truth.deducted_units) == (1, 1, 0)
    assert minus_zero[0].earnings.is_signed()
    assert truth.net == Decimal(0)


def test_a_label_without_a_catalogue_is_refused() -> None:
    with pytest.raises(ValueError, match="4 to 56 recordings"):
        make_label(1, recordings=0)


def test_another_roster_has_codes_of_its_own(label: Label) -> None:
    other = make_label(5, recordings=12, volume=0.2, roster=GUEST)
    assert other.artists == GUEST.artists
    ours, theirs = (
        {code for one in made.recordings for code in (one.isrc, one.upc)} for made in (label, other)
    )
    assert not ours & theirs


def test_more_plays_join_a_line_and_are_paid_like_it(label: Label) -> None:
    key = label.recordings[0].isrc, "2026-03"
    more = with_more_plays(label, "Spotify", {key: 1000})
    changed = [(old, new) for old, new in zip(label.lines, more.lines, strict=True) if old != new]
    ((old, new),) = changed
    assert (new.isrc, new.sale_month, new.store, new.country) == (*key, "Spotify", "US")
    assert new.quantity - old.quantity == more.truth.sale_units - label.truth.sale_units == 1000
    assert more.truth.net == sum(line.earnings for line in more.lines) > label.truth.net
    assert abs(new.earnings / new.quantity - old.earnings / old.quantity) < Decimal("1E-12")


def test_more_plays_of_what_sold_nothing_are_a_line_of_their_own(label: Label) -> None:
    silent = make_label(5, recordings=12, volume=0)
    more = with_more_plays(silent, "Spotify", {(label.recordings[3].isrc, "2025-04"): 7})
    (line,) = set(more.lines) - set(silent.lines)
    assert (line.quantity, line.store, line.reporting_date) == (7, "Spotify", date(2025, 6, 15))
    assert line.earnings == round(line.earnings, 8) > 0


def test_plays_of_later_months_are_in_no_line_yet(label: Label) -> None:
    more = with_more_plays(label, "Spotify", {(label.recordings[0].isrc, "2026-06"): 1000})
    assert more.lines == label.lines
