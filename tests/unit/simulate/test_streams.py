from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bedrot.simulate.flows import Told
from bedrot.simulate.label import Label, make_label
from bedrot.simulate.streams import (
    STORES,
    DailyStore,
    Played,
    by_month,
    daily_streams,
    daily_truth,
    played,
    sold_units,
)

LABEL = make_label(5, recordings=4, volume=0.2)
PLAYS = played(LABEL)
UNTIL = date(2026, 8, 5)
START = date(2026, 7, 1)


@pytest.fixture
def label() -> Label:
    return LABEL


@pytest.fixture
def plays() -> Played:
    return PLAYS


def told(number: int, *streams: int, store: DailyStore = "Spotify") -> Told[int]:
    """The page of the n-th hour; its days begin on 1 July."""
    days = {START + timedelta(days=place): value for place, value in enumerate(streams)}
    return Told(series=store, as_of=datetime(2026, 8, 1, number, tzinfo=UTC), days=days)


@pytest.mark.parametrize("store", STORES)
def test_the_same_seed_gives_the_same_days(plays: Played, store: DailyStore) -> None:
    again = played(make_label(5, recordings=4, volume=0.2))
    assert daily_streams(again, store, until=UNTIL) == daily_streams(plays, store, until=UNTIL)


def test_another_seed_gives_other_days_even_of_the_same_lines(plays: Played) -> None:
    other = replace(plays, seed=6)
    ours, theirs = (daily_streams(one, "Spotify", until=UNTIL) for one in (plays, other))
    assert ours != theirs


@settings(max_examples=30)  # each makes 520 days of two stores
@given(seed=st.integers(min_value=0, max_value=10_000))
def test_a_month_has_the_units_of_its_sale_lines_within_an_error(seed: int) -> None:
    plays = replace(PLAYS, seed=seed)
    for store in STORES:
        shown = by_month(daily_streams(plays, store, until=UNTIL))
        for month, units in plays.sold[store].items():
            assert abs(shown[month] - units) <= units * 0.015


def test_sold_units_leave_deductions_out(label: Label) -> None:
    lines = [line for line in label.lines if line.store == "Spotify"]
    repeated = sum(line.quantity for line in lines if line.earnings < 0)
    assert repeated > 0
    units = sum(line.quantity for line in lines) - repeated
    assert sum(sold_units(label, "Spotify").values()) == units


@pytest.mark.parametrize("store", STORES)
def test_every_day_is_there_from_the_first_sale_month_on(plays: Played, store: DailyStore) -> None:
    days = daily_streams(plays, store, until=UNTIL)
    first = date(2025, 3, 1)
    assert list(days) == [first + timedelta(days=n) for n in range((UNTIL - first).days + 1)]


@settings(max_examples=30)  # each makes 520 days
@given(back=st.integers(min_value=0, max_value=500))
def test_an_earlier_end_gives_the_beginning_of_the_same_days(back: int) -> None:
    until = UNTIL - timedelta(days=back)
    longer = daily_streams(PLAYS, "Apple Music", until=UNTIL)
    shorter = daily_streams(PLAYS, "Apple Music", until=until)
    assert shorter == {day: streams for day, streams in longer.items() if day <= until}


def test_months_without_sale_lines_continue_the_trend(plays: Played) -> None:
    shown = by_month(daily_streams(plays, "Spotify", until=date(2026, 7, 31)))
    assert "2026-06" not in plays.sold["Spotify"]
    before = shown["2026-03"] + shown["2026-04"] + shown["2026-05"]
    assert before / 3 < shown["2026-07"] < before / 3 * 1.3


def test_fridays_are_the_best_days_and_sundays_the_worst(plays: Played) -> None:
    weekdays: Counter[int] = Counter()
    for day, streams in daily_streams(plays, "Spotify", until=UNTIL).items():
        weekdays[day.weekday()] += streams
    assert max(weekdays, key=weekdays.__getitem__) == 4
    assert min(weekdays, key=weekdays.__getitem__) == 6


@given(
    pages=st.lists(st.lists(st.integers(0, 5), min_size=1, max_size=5), min_size=1, max_size=5),
    data=st.data(),
)
def test_pages_publish_the_same_in_any_order(pages: list[list[int]], data: st.DataObject) -> None:
    spotify = [told(number, *streams) for number, streams in enumerate(pages)]
    all_pages = [*spotify, told(1, 1, store="Apple Music")]
    shuffled = data.draw(st.permutations(all_pages))
    assert daily_truth(PLAYS, shuffled) == daily_truth(PLAYS, all_pages)


def test_the_newest_page_that_tells_a_day_says_its_streams(plays: Played) -> None:
    pages = [told(1, 10, 10, 10), told(2, 10, 12), told(1, 1, store="Apple Music")]
    spotify = daily_truth(plays, pages).stores[0]
    assert list(spotify.days.values()) == [10, 12, 10]
    assert (spotify.last_day, spotify.restated) == (date(2026, 7, 3), 1)


def test_only_apples_last_two_days_are_provisional(plays: Played) -> None:
    pages = [told(1, 3, 2, 1), told(1, 3, 2, 1, store="Apple Music")]
    spotify, apple = daily_truth(plays, pages).stores
    assert spotify.provisional == ()
    assert apple.provisional == (date(2026, 7, 2), date(2026, 7, 3))


def test_only_months_of_which_every_day_is_told_must_agree(plays: Played) -> None:
    days = daily_streams(plays, "Spotify", until=date(2025, 9, 29))
    pages = [
        Told(series=store, as_of=datetime(2025, 10, 1, tzinfo=UTC), days=days) for store in STORES
    ]
    agreeing = [month for store, month in daily_truth(plays, pages).agreeing if store == "Spotify"]
    assert (agreeing[0], agreeing[-1], len(agreeing)) == ("2025-03", "2025-08", 6)


def test_music_is_played_most_when_it_is_new() -> None:
    sold = {"Spotify": {"2026-04": 30_000}, "Apple Music": {"2026-04": 0}}
    quiet = Played(seed=1, sold=sold, releases=[(date(2024, 1, 5), 100)])
    loud = replace(quiet, releases=[(date(2024, 1, 5), 100), (date(2026, 4, 10), 900)])
    before, after = (
        daily_streams(one, "Spotify", until=date(2026, 4, 30)) for one in (quiet, loud)
    )
    assert sum(before.values()) == sum(after.values())
    assert before[date(2026, 4, 9)] > 2 * after[date(2026, 4, 9)]
    assert after[date(2026, 4, 11)] > 2 * after[date(2026, 4, 9)]


@settings(max_examples=30)  # each makes 520 days twice
@given(
    more=st.dictionaries(
        st.dates(date(2026, 1, 1), date(2026, 8, 5)), st.integers(0, 40), max_size=20
    )
)
def test_what_ads_brought_stands_on_its_own_days(more: dict[date, int]) -> None:
    brought = by_month(more)
    sold = {month: units + brought.get(month, 0) for month, units in PLAYS.sold["Spotify"].items()}
    with_ads = replace(PLAYS, sold={**PLAYS.sold, "Spotify": sold}, more={"Spotify": more})
    days = daily_streams(with_ads, "Spotify", until=UNTIL)
    base = daily_streams(PLAYS, "Spotify", until=UNTIL)
    assert {day: days[day] - base[day] for day in days if days[day] != base[day]} == {
        day: count for day, count in more.items() if count
    }
