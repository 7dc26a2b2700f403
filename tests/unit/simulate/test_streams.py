from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bedrot.simulate.label import Label, make_label
from bedrot.simulate.streams import (
    STORES,
    DailyStore,
    Told,
    daily_streams,
    daily_truth,
    sold_units,
)

LABEL = make_label(5, recordings=8, volume=0.2)
UNTIL = date(2026, 8, 5)
START = date(2026, 7, 1)


@pytest.fixture
def label() -> Label:
    return LABEL


def by_month(days: dict[date, int]) -> Counter[str]:
    months: Counter[str] = Counter()
    for day, streams in days.items():
        months[f"{day:%Y-%m}"] += streams
    return months


def told(number: int, *streams: int, store: DailyStore = "Spotify") -> Told:
    """The page of the n-th hour; its days begin on 1 July."""
    days = {START + timedelta(days=place): value for place, value in enumerate(streams)}
    return Told(store=store, as_of=datetime(2026, 8, 1, number, tzinfo=UTC), days=days)


@pytest.mark.parametrize("store", STORES)
def test_the_same_seed_gives_the_same_days(label: Label, store: DailyStore) -> None:
    again = make_label(5, recordings=8, volume=0.2)
    assert daily_streams(again, store, until=UNTIL) == daily_streams(label, store, until=UNTIL)


def test_another_seed_gives_other_days_even_of_the_same_lines(label: Label) -> None:
    other = replace(label, seed=6)
    ours, theirs = (daily_streams(one, "Spotify", until=UNTIL) for one in (label, other))
    assert ours != theirs


@given(seed=st.integers(min_value=0, max_value=10_000))
def test_a_month_has_the_units_of_its_sale_lines_within_an_error(seed: int) -> None:
    label = replace(LABEL, seed=seed)
    for store in STORES:
        shown = by_month(daily_streams(label, store, until=UNTIL))
        for month, units in sold_units(label, store).items():
            assert abs(shown[month] - units) <= units * 0.015


def test_sold_units_leave_deductions_out(label: Label) -> None:
    lines = [line for line in label.lines if line.store == "Spotify"]
    repeated = sum(line.quantity for line in lines if line.earnings < 0)
    assert repeated > 0
    units = sum(line.quantity for line in lines) - repeated
    assert sum(sold_units(label, "Spotify").values()) == units


@pytest.mark.parametrize("store", STORES)
def test_every_day_is_there_from_the_first_sale_month_on(label: Label, store: DailyStore) -> None:
    days = daily_streams(label, store, until=UNTIL)
    first = date(2024, 6, 1)
    assert list(days) == [first + timedelta(days=n) for n in range((UNTIL - first).days + 1)]


@given(back=st.integers(min_value=0, max_value=700))
def test_an_earlier_end_gives_the_beginning_of_the_same_days(back: int) -> None:
    until = UNTIL - timedelta(days=back)
    longer = daily_streams(LABEL, "Apple Music", until=UNTIL)
    shorter = daily_streams(LABEL, "Apple Music", until=until)
    assert shorter == {day: streams for day, streams in longer.items() if day <= until}


def test_months_without_sale_lines_continue_the_trend(label: Label) -> None:
    shown = by_month(daily_streams(label, "Spotify", until=date(2026, 7, 31)))
    assert "2026-06" not in sold_units(label, "Spotify")
    before = shown["2026-03"] + shown["2026-04"] + shown["2026-05"]
    assert before / 3 < shown["2026-07"] < before / 3 * 1.3


def test_fridays_are_the_best_days_and_sundays_the_worst(label: Label) -> None:
    weekdays: Counter[int] = Counter()
    for day, streams in daily_streams(label, "Spotify", until=UNTIL).items():
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
    assert daily_truth(LABEL, shuffled) == daily_truth(LABEL, all_pages)


def test_the_newest_page_that_tells_a_day_says_its_streams(label: Label) -> None:
    pages = [told(1, 10, 10, 10), told(2, 10, 12), told(1, 1, store="Apple Music")]
    spotify = daily_truth(label, pages).stores[0]
    assert list(spotify.days.values()) == [10, 12, 10]
    assert (spotify.total, spotify.last_day, spotify.restated) == (32, date(2026, 7, 3), 1)


def test_only_apples_last_two_days_are_provisional(label: Label) -> None:
    pages = [told(1, 3, 2, 1), told(1, 3, 2, 1, store="Apple Music")]
    spotify, apple = daily_truth(label, pages).stores
    assert spotify.provisional == ()
    assert apple.provisional == (date(2026, 7, 2), date(2026, 7, 3))


def test_only_months_of_which_every_day_is_told_must_agree(label: Label) -> None:
    days = daily_streams(label, "Spotify", until=date(2025, 3, 30))
    pages = [
        Told(store=store, as_of=datetime(2025, 4, 1, tzinfo=UTC), days=days) for store in STORES
    ]
    agreeing = [month for store, month in daily_truth(label, pages).agreeing if store == "Spotify"]
    assert (agreeing[0], agreeing[-1], len(agreeing)) == ("2024-06", "2025-02", 9)
