"""What is a statistics page and yet cannot count, and what is none at all."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bedrot.errors import RejectedPayloadError
from bedrot.extract.parsed import Parsed
from bedrot.extract.streams import Stream
from bedrot.sources.distrokid import APPLE_BREAKDOWNS, APPLE_DAILY, EARNINGS, SOURCE, SPOTIFY_DAILY
from bedrot.sources.distrokid.pages import (
    read_apple_breakdowns,
    read_apple_days,
    read_spotify_days,
)
from bedrot.sources.distrokid.synthetic import sign_in_page
from bedrot.sources.distrokid.synthetic_pages import Frame, Item, apple_page, spotify_page

FRAME = Frame(captured_at=datetime(2025, 5, 22, 3, 51, tzinfo=UTC))
DAYS = {date(2025, 5, 14) + timedelta(days=n): 10 + n for n in range(7)}
SPOTIFY = spotify_page(DAYS, FRAME)
APPLE = apple_page(DAYS, FRAME, {"tracks": [Item(name="Hail", streams=3, id=7002)]})
STORES = [(read_spotify_days, SPOTIFY), (read_apple_days, APPLE), (read_apple_breakdowns, APPLE)]

Parse = Callable[[Path, frozenset[str]], Parsed]


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("pages") / "page.html"


def _code(page: Path, content: bytes, parse: Parse) -> str:
    page.write_bytes(content)
    with pytest.raises(RejectedPayloadError) as caught:
        parse(page, frozenset())
    assert caught.value.next_step
    return caught.value.code


def _known_as(page: Path, content: bytes) -> list[Stream]:
    page.write_bytes(content)
    return [stream for stream in SOURCE.streams if stream.recognise(page, stream)]


@given(data=st.data())
def test_a_cut_page_is_set_aside_and_never_wrong(data: st.DataObject, page: Path) -> None:
    parse, content = data.draw(st.sampled_from(STORES))
    cut = data.draw(st.integers(0, len(content) - 1))
    assert _code(page, content[:cut], parse) == "half_loaded"


@given(data=st.data())
def test_a_page_that_lost_its_middle_gives_the_same_rows_or_none(
    data: st.DataObject, page: Path
) -> None:
    parse, content = data.draw(st.sampled_from(STORES))
    start = data.draw(st.integers(0, len(content) - 1))
    end = data.draw(st.integers(start, min(len(content), start + 400)))
    page.write_bytes(content)
    whole = parse(page, frozenset())
    page.write_bytes(content[:start] + content[end:])
    try:
        parsed = parse(page, frozenset())
    except RejectedPayloadError:
        return
    assert parsed.notes or parsed.columns["streams"] == whole.columns["streams"]


@pytest.mark.parametrize("chart", ["trendWeekly", "trendMonthly", "trend60day", "trend365day"])
def test_a_page_without_one_of_its_charts_was_half_loaded(chart: str, page: Path) -> None:
    content = SPOTIFY.replace(f'makeChart("{chart}"'.encode(), b'makeChart("other"')
    assert _code(page, content, read_spotify_days) == "half_loaded"


@pytest.mark.parametrize(
    "missing", ["chartData", "byWeek", "byMonth", "last365days", 'id="last30"']
)
def test_an_apple_page_without_a_needed_part_was_half_loaded(missing: str, page: Path) -> None:
    assert _code(page, APPLE.replace(missing.encode(), b"other"), read_apple_days) == "half_loaded"


def test_totals_that_were_not_drawn_yet_are_half_loaded(page: Path) -> None:
    head, _, tail = APPLE.partition(b'id="last7">')
    content = head + b'id="last7">...' + tail.partition(b"</div>")[2]
    assert _code(page, content, read_apple_days) == "half_loaded"


@pytest.mark.parametrize("value", ["-10", "10.0", "1e1", "null", "true", '"10 "', '"ten"', "[10]"])
def test_a_value_that_is_no_whole_number_sets_the_page_aside(value: str, page: Path) -> None:
    content = SPOTIFY.replace(b'"column-1": 10}', f'"column-1": {value}}}'.encode())
    assert _code(page, content, read_spotify_days) == "unreadable_value"


@pytest.mark.parametrize("label", ["2025-02-30", "20250514", "2025-W20-3", "14.05.2025", ""])
def test_a_label_that_is_no_day_sets_the_page_aside(label: str, page: Path) -> None:
    content = APPLE.replace(b'"field":"2025-05-14"', f'"field":"{label}"'.encode())
    assert _code(page, content, read_apple_days) == "unreadable_value"


def test_a_day_that_stands_twice_sets_the_page_aside(page: Path) -> None:
    content = APPLE.replace(b'"field":"2025-05-15"', b'"field":"2025-05-14"')
    assert _code(page, content, read_apple_days) == "unreadable_value"


def test_a_day_beyond_tomorrow_sets_the_page_aside(page: Path) -> None:
    tomorrow = DAYS | {date(2025, 5, 23): 1}
    page.write_bytes(apple_page(tomorrow, FRAME))
    assert len(read_apple_days(page, frozenset()).records) == len(tomorrow)
    content = apple_page(DAYS | {date(2025, 5, 24): 1}, FRAME)
    assert _code(page, content, read_apple_days) == "unreadable_value"


def test_a_page_without_any_day_is_empty(page: Path) -> None:
    assert _code(page, spotify_page({}, FRAME), read_spotify_days) == "empty"
    assert _code(page, apple_page({}, FRAME), read_apple_days) == "empty"


def test_lists_of_a_page_without_a_date_have_no_window(page: Path) -> None:
    content = APPLE.replace(b"serverTime", b"otherTime")
    page.write_bytes(content)
    parsed = read_apple_breakdowns(page, frozenset())
    assert not parsed.records
    assert "unknown_window" in {note.code for note in parsed.notes}


def test_a_page_is_known_by_its_content(page: Path) -> None:
    assert _known_as(page, SPOTIFY) == [SPOTIFY_DAILY]
    assert _known_as(page, APPLE) == [APPLE_DAILY, APPLE_BREAKDOWNS]


@pytest.mark.parametrize("part", [0.3, 0.6, 0.9])
def test_a_cut_page_is_still_known(part: float, page: Path) -> None:
    assert _known_as(page, SPOTIFY[: int(len(SPOTIFY) * part)]) == [SPOTIFY_DAILY]
    assert APPLE_DAILY in _known_as(page, APPLE[: int(len(APPLE) * part)])


def test_a_page_that_ends_before_it_names_its_store_is_ours(page: Path) -> None:
    head, sign, _ = APPLE.partition(b"https://distrokid.app.link/Stats")
    for end in (b'">', b'"></head><body></body></html>'):
        assert _known_as(page, head + sign + end) == [SPOTIFY_DAILY]


def test_a_half_loaded_page_without_charts_is_still_known(page: Path) -> None:
    content = SPOTIFY.replace(b"AmCharts", b"Nothing")
    assert _known_as(page, content) == [SPOTIFY_DAILY]


def test_the_page_of_downloads_is_not_ours(page: Path) -> None:
    content = SPOTIFY.replace(b'<option selected="" value="streams">', b'<option value="streams">')
    content = content.replace(b'value="downloads"', b'selected="" value="downloads"')
    assert _known_as(page, content) == []


def test_the_sign_in_page_is_a_stray_and_no_stream(page: Path) -> None:
    assert _known_as(page, sign_in_page()) == []
    assert SOURCE.stray(sign_in_page()) is not None
    assert SOURCE.stray(SPOTIFY) is None
    assert EARNINGS not in _known_as(page, SPOTIFY)


def test_the_real_sign_in_page_is_no_statistics_page(samples: Path) -> None:
    path = samples / "distrokid" / "streams" / "applemusic_stats.html"
    assert [s.name for s in SOURCE.streams if s.recognise(path, s)] == []
    assert SOURCE.stray(path.read_bytes()) is not None
