"""A page's own totals are held against its days."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bedrot.errors import RejectedPayloadError
from bedrot.sources.distrokid.pages import read_apple_breakdowns, read_apple_days, read_spotify_days
from bedrot.sources.distrokid.synthetic_pages import Frame, Item, apple_page, spotify_page

FRAME = Frame(captured_at=datetime(2025, 5, 31, 9, 15, tzinfo=UTC))
DAYS = {date(2025, 3, 1) + timedelta(days=n): 1000 + n for n in range(90)}


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("pages") / "page.html"


@given(day=st.sampled_from(sorted(DAYS)), change=st.integers(1, 999))
def test_one_altered_spotify_day_is_noticed(day: date, change: int, page: Path) -> None:
    point = f'{{"category": "{day}","column-1": %d}}'
    content, old, new = (
        spotify_page(DAYS, FRAME),
        (point % DAYS[day]).encode(),
        (point % (DAYS[day] + change)).encode(),
    )
    head, _, tail = content.rpartition(old)
    page.write_bytes(head + new + tail)
    with pytest.raises(RejectedPayloadError) as caught:
        read_spotify_days(page, frozenset())
    assert caught.value.code == "totals_disagree"


@given(day=st.sampled_from(sorted(DAYS)), change=st.integers(1, 999))
def test_one_altered_apple_day_is_noticed(day: date, change: int, page: Path) -> None:
    point = f'{{"field":"{day}","value":%d}}'
    content = apple_page(DAYS, FRAME)
    altered = content.replace((point % DAYS[day]).encode(), (point % (DAYS[day] + change)).encode())
    page.write_bytes(altered)
    with pytest.raises(RejectedPayloadError) as caught:
        read_apple_days(page, frozenset())
    assert caught.value.code == "totals_disagree"


def test_the_message_names_both_figures(page: Path) -> None:
    total = sum(DAYS.values())
    page.write_bytes(spotify_page(DAYS, FRAME).replace(f"{total:,}".encode(), b"77", 1))
    with pytest.raises(RejectedPayloadError, match=f"365 days is 77, .* add up to {total}"):
        read_spotify_days(page, frozenset())


@pytest.mark.parametrize("chart", ["trendWeekly", "trendMonthly", "trend60day"])
def test_every_chart_of_spotify_has_to_agree(chart: str, page: Path) -> None:
    content = spotify_page(DAYS, FRAME)
    head, found, tail = content.partition(f'makeChart("{chart}"'.encode())
    page.write_bytes(head + found + tail.replace(b'"column-1": 1', b'"column-1": 2', 1))
    with pytest.raises(RejectedPayloadError) as caught:
        read_spotify_days(page, frozenset())
    assert caught.value.code == "totals_disagree"


@pytest.mark.parametrize("chart", ["byWeek", "byMonth"])
def test_every_series_of_apple_has_to_agree(chart: str, page: Path) -> None:
    head, found, tail = apple_page(DAYS, FRAME).partition(f'"{chart}"'.encode())
    page.write_bytes(head + found + tail.replace(b'"value":', b'"value":1', 1))
    with pytest.raises(RejectedPayloadError) as caught:
        read_apple_days(page, frozenset())
    assert caught.value.code == "totals_disagree"


def test_a_person_may_accept_totals_that_disagree(page: Path) -> None:
    total = sum(DAYS.values())
    page.write_bytes(spotify_page(DAYS, FRAME).replace(f"{total:,}".encode(), b"77", 1))
    parsed = read_spotify_days(page, frozenset({"totals_disagree"}))
    assert len(parsed.records) == len(DAYS)


@pytest.mark.parametrize("count", [60, 30, 7])
def test_a_shorter_total_of_apple_that_differs_is_said(count: int, page: Path) -> None:
    head, found, tail = apple_page(DAYS, FRAME).partition(f'id="last{count}">'.encode())
    page.write_bytes(head + found + b"1" + tail)
    [note] = read_apple_days(page, frozenset()).notes
    assert (note.code, f"total of {count} days" in note.text) == ("total_differs", True)


def test_the_month_of_apple_begins_after_the_same_day_of_the_month_before(page: Path) -> None:
    # On 31 May that is 30 April: the days from 1 May on.
    page.write_bytes(apple_page(DAYS, FRAME))
    may = sum(count for day, count in DAYS.items() if day >= date(2025, 5, 1))
    assert f'id="last30">{may:,}<'.encode() in page.read_bytes()
    assert read_apple_days(page, frozenset()).notes == ()


def test_totals_that_need_the_date_are_skipped_without_one(page: Path) -> None:
    head, found, tail = apple_page(DAYS, FRAME).partition(b'id="last7">')
    page.write_bytes((head + found + b"1" + tail).replace(b"serverTime", b"otherTime"))
    assert [note.code for note in read_apple_days(page, frozenset()).notes] == ["totals_unchecked"]


def test_a_page_of_more_than_a_year_counts_while_its_totals_fit(page: Path) -> None:
    days = {date(2024, 1, 1) + timedelta(days=n): n for n in range(500)}
    page.write_bytes(spotify_page(days, FRAME))
    assert len(read_spotify_days(page, frozenset()).records) == 500


def test_a_list_that_does_not_add_up_to_its_total_is_said(page: Path) -> None:
    content = apple_page(DAYS, FRAME, {"countries": [Item(name="DE", streams=30)]})
    page.write_bytes(content.replace(b'"value":30}', b'"value":29}'))
    [note] = read_apple_breakdowns(page, frozenset()).notes
    assert (note.code, "country1year" in note.text) == ("total_differs", True)
