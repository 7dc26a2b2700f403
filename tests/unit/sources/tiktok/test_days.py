"""Days without years, in many languages."""

from __future__ import annotations

import csv
import io
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bedrot.errors import RejectedPayloadError
from bedrot.sources.tiktok import OVERVIEW_STREAM
from bedrot.sources.tiktok.days import (
    PrintedDay,
    dates_of,
    first_on_or_after,
    read_dates,
    read_days,
)
from bedrot.sources.tiktok.synthetic import LANGUAGES, printed_day

LEAP_YEAR = [date(2024, 1, 1) + timedelta(days=n) for n in range(366)]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_day_is_read_in_its_language(language: str) -> None:
    told = read_days([printed_day(day, language) for day in LEAP_YEAR])
    assert told == [PrintedDay(day.month, day.day) for day in LEAP_YEAR]


@pytest.mark.parametrize(
    "text",
    [
        "May 28",
        "28 May",
        "MAY 28",
        "28. Mai",
        "28 de mayo",
        "28-May",
        "28 Μαΐου",
        "28 ΜΑΪΟΥ",
        "28 tháng 5",
        "Tháng 5 28",
        "5月28日",
        "28 mai",
        "May\u00a028",
    ],
)
def test_forms_of_one_day(text: str) -> None:
    assert read_days([text]) == [PrintedDay(5, 28)]


@pytest.mark.parametrize(
    "text", ["2025/10/31", "2025-10-31", "Oct 31, 2025", "31 de octubre de 2025", "2025年10月31日"]
)
def test_a_printed_year_is_kept(text: str) -> None:
    assert read_days([text]) == [PrintedDay(10, 31, 2025)]


@pytest.mark.parametrize(
    "text", ["", "May", "28", "32 May", "February 30", "5/28", "28/05/2024", "2025/02/29", "Mai28x"]
)
def test_what_is_no_day_is_refused(text: str) -> None:
    with pytest.raises(RejectedPayloadError, match="is not a day") as caught:
        read_days([text])
    assert caught.value.code == "unreadable_date"


def test_a_word_of_two_months_is_settled_by_the_other_days() -> None:
    polish = read_days(["30 października", "1 listopada"])
    croatian = read_days(["30 rujna", "1 listopada"])
    assert (polish[1].month, croatian[1].month) == (11, 10)


def test_a_word_of_two_months_alone_is_refused() -> None:
    with pytest.raises(RejectedPayloadError, match="could be several days"):
        read_days(["1 listopada"])


@pytest.mark.parametrize("month", [10, 11])
def test_a_word_of_two_months_is_settled_by_the_window(month: int) -> None:
    day = date(2025, month, 1)
    assert read_dates(["1 listopada"], (day, day)) == [day]


def test_two_languages_in_one_file_are_refused() -> None:
    with pytest.raises(RejectedPayloadError, match="not in the language"):
        read_days(["28 de agosto", "August 29"])


@given(
    first=st.dates(date(2017, 1, 1), date(2040, 1, 1)),
    length=st.integers(1, 366),
    language=st.sampled_from(LANGUAGES),
    is_backward=st.booleans(),
)
def test_rows_get_the_days_of_their_window(
    first: date, length: int, language: str, is_backward: bool
) -> None:
    days = [first + timedelta(days=n) for n in range(length)]
    rows = days[::-1] if is_backward else days
    texts = [printed_day(day, language) for day in rows]
    assert read_dates(texts, (days[0], days[-1])) == rows


@given(
    first=st.dates(date(2017, 1, 1), date(2040, 1, 1)),
    length=st.integers(2, 366),
    shift=st.integers(1, 180),
)
def test_another_window_disagrees(first: date, length: int, shift: int) -> None:
    days = [first + timedelta(days=n) for n in range(length)]
    printed = [PrintedDay(day.month, day.day) for day in days]
    other = (first + timedelta(days=shift), days[-1] + timedelta(days=shift))
    with pytest.raises(RejectedPayloadError) as caught:
        dates_of(printed, other)
    assert caught.value.code == "window_disagrees"


def test_29_february_settles_the_year() -> None:
    days = [date(2024, 2, 27) + timedelta(days=n) for n in range(4)]
    printed = [PrintedDay(day.month, day.day) for day in days]
    assert dates_of(printed, (days[0], days[-1])) == days
    for year in (2023, 2025):
        with pytest.raises(RejectedPayloadError, match="window"):
            dates_of(printed, (date(year, 2, 27), date(year, 3, 1)))
        with pytest.raises(RejectedPayloadError, match="window"):
            dates_of(printed, (date(year, 2, 26), date(year, 3, 1)))


@pytest.mark.parametrize("days", [(1, 1, 3), (1, 3, 2), (2, 3, 1), (2, 3, 4)])
def test_rows_that_do_not_walk_disagree(days: tuple[int, ...]) -> None:
    window = (date(2025, 3, 1), date(2025, 3, 3))
    with pytest.raises(RejectedPayloadError, match="where the window has"):
        dates_of([PrintedDay(3, day) for day in days], window)


def test_a_year_fits_no_other_window_of_365_days() -> None:
    year = [date(2025, 3, 1) + timedelta(days=n) for n in range(365)]
    printed = [PrintedDay(day.month, day.day) for day in year]
    with pytest.raises(RejectedPayloadError, match="record 1 is `03-01`"):
        dates_of(printed, (year[1], year[-1] + timedelta(days=1)))


def test_29_february_is_found_over_a_century() -> None:
    assert first_on_or_after(PrintedDay(2, 29), date(2096, 3, 1)) == date(2104, 2, 29)
    assert first_on_or_after(PrintedDay(1, 5), date(2025, 12, 30)) == date(2026, 1, 5)


def test_no_language_has_one_name_for_two_months() -> None:
    named: dict[tuple[str, str], set[str]] = {}
    for row in csv.DictReader(io.StringIO(OVERVIEW_STREAM.aliases["tiktok_months"])):
        key = (row["language"], row["name"].casefold().strip("."))
        named.setdefault(key, set()).add(row["month"])
    assert {key for key, months in named.items() if len(months) > 1} == set()
    assert len({(lang, n) for (lang, _), months in named.items() for n in months}) % 12 == 0
