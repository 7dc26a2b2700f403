"""The rows of a statistics page are the days of its charts, however the page is written."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bedrot.extract.parsed import Parsed
from bedrot.extract.streams import Stream
from bedrot.sources.distrokid import APPLE_BREAKDOWNS, APPLE_DAILY, SPOTIFY_DAILY
from bedrot.sources.distrokid.pages import (
    read_apple_breakdowns,
    read_apple_days,
    read_spotify_days,
    server_clock,
)
from bedrot.sources.distrokid.synthetic_pages import Frame, Item, apple_page, spotify_page

NOON = datetime(2025, 5, 22, 15, 51, 53, tzinfo=UTC)
FRAME = Frame(captured_at=NOON)
DAYS = {date(2025, 3, 22) + timedelta(days=n): 100 + n for n in range(60)}
SHOWN_DAYS = st.dictionaries(
    st.integers(0, 400).map(lambda n: date(2025, 5, 22) - timedelta(days=n)),
    st.integers(0, 10**7),
    min_size=1,
    max_size=40,
)
LISTS = {
    "tracks": [
        Item(name="Said the Sea", streams=70, id=7001),
        Item(name="Hail", streams=9, id=7002),
    ],
    "countries": [Item(name="us", streams=40), Item(name="NA", streams=3)],
    "devices": [Item(name="Other", streams=0, id=0)],
}

Read = Callable[..., Parsed]


@pytest.fixture(scope="module")
def read(tmp_path_factory: pytest.TempPathFactory) -> Read:
    path = tmp_path_factory.mktemp("pages") / "page"

    def read_with(parse: Callable[[Path, frozenset[str]], Parsed], content: bytes) -> Parsed:
        path.write_bytes(content)
        return parse(path, frozenset())

    return read_with


def _days(parsed: Parsed) -> dict[date, int]:
    days, streams = parsed.columns["stream_date"], parsed.columns["streams"]
    return {date.fromisoformat(str(day)): int(str(n)) for day, n in zip(days, streams, strict=True)}


def _typed(
    con: duckdb.DuckDBPyConnection, stream: Stream, content: bytes, folder: Path
) -> list[tuple[object, ...]]:
    path = folder / "page.html"
    path.write_bytes(content)
    stream.read(con, path, stream, folder, frozenset())
    return con.execute(f"select * from ({stream.sql}) order by _row").fetchall()


@given(days=SHOWN_DAYS)
def test_spotify_rows_are_the_days_of_the_page(days: dict[date, int], read: Read) -> None:
    parsed = read(read_spotify_days, spotify_page(days, FRAME))
    assert _days(parsed) == days
    assert parsed.notes == ()


@given(days=SHOWN_DAYS)
def test_apple_rows_are_the_days_of_the_page(days: dict[date, int], read: Read) -> None:
    parsed = read(read_apple_days, apple_page(days, FRAME))
    assert _days(parsed) == days
    assert parsed.notes == ()


@pytest.mark.parametrize("newline", ["\r\n", "\r"])
def test_line_ends_give_the_same_rows(newline: str, read: Read) -> None:
    for parse, page in ((read_spotify_days, spotify_page), (read_apple_days, apple_page)):
        content = page(DAYS, FRAME)
        expected = read(parse, content)
        assert read(parse, content.replace(b"\n", newline.encode())) == expected


def test_a_byte_order_mark_gives_the_same_rows(read: Read) -> None:
    content = spotify_page(DAYS, FRAME)
    assert read(read_spotify_days, b"\xef\xbb\xbf" + content) == read(read_spotify_days, content)


def test_a_page_in_the_code_page_of_windows_is_read(read: Read) -> None:
    lists = {"tracks": [Item(name="Größe", streams=5, id=7003)]}
    content = apple_page(DAYS, FRAME, lists).decode().encode("cp1252")
    assert read(read_apple_breakdowns, content).columns["item_name"] == ["Größe"]


def test_a_comma_behind_the_last_point_changes_nothing(read: Read) -> None:
    content = spotify_page(DAYS, FRAME)
    spare = content.replace(b"}\n]", b"},\n]")
    assert spare != content
    assert read(read_spotify_days, spare) == read(read_spotify_days, content)


def test_a_title_with_commas_and_brackets_survives_a_spare_comma(read: Read) -> None:
    lists = {"tracks": [Item(name='A ,] "B" ,}', streams=5, id=7003)]}
    content = apple_page(DAYS, FRAME, lists).replace(b'"total":0,', b'"total":0,"x":[1,],')
    assert read(read_apple_breakdowns, content).columns["item_name"] == ['A ,] "B" ,}']


def test_a_figure_written_as_digits_counts(read: Read) -> None:
    content = spotify_page(DAYS, FRAME)
    quoted = content.replace(b'"column-1": 100}', b'"column-1": "100"}')
    assert quoted != content
    assert _days(read(read_spotify_days, quoted)) == DAYS


def test_a_day_without_streams_in_the_chart_stays_missing(read: Read) -> None:
    days = {day: n for day, n in DAYS.items() if day != date(2025, 4, 1)}
    assert date(2025, 4, 1) not in _days(read(read_apple_days, apple_page(days, FRAME)))


def test_the_page_is_dated_by_the_utc_date_that_it_prints(read: Read) -> None:
    late = Frame(captured_at=datetime(2025, 5, 22, 23, 59, 59, tzinfo=UTC))
    parsed = read(read_spotify_days, spotify_page(DAYS, late))
    assert parsed.printed_at == datetime(2025, 5, 22, tzinfo=UTC)


@pytest.mark.parametrize(("hour", "shown"), [(0, 0), (3, 3), (12, 0), (15, 3), (23, 11)])
def test_the_clock_of_the_page_is_known_modulo_twelve_hours(hour: int, shown: int) -> None:
    content = spotify_page(DAYS, Frame(captured_at=NOON.replace(hour=hour)))
    assert server_clock(content.decode()) == (date(2025, 5, 22), time(shown, 51, 53))


def test_a_page_without_a_clock_has_no_date(read: Read) -> None:
    content = spotify_page(DAYS, FRAME).replace(b"serverTime", b"otherTime")
    parsed = read(read_spotify_days, content)
    assert parsed.printed_at is None
    assert [note.code for note in parsed.notes] == ["totals_unchecked"]


def test_places_and_records_point_at_the_chart(read: Read) -> None:
    parsed = read(read_spotify_days, spotify_page(DAYS, FRAME))
    assert parsed.places[0] == "trend365day[0]"
    assert parsed.records[0] == '{"category": "2025-03-22","column-1": 100}'


def test_lists_keep_their_order_and_the_charts_total(read: Read) -> None:
    parsed = read(read_apple_breakdowns, apple_page(DAYS, FRAME, LISTS))
    assert parsed.columns["surface"] == ["tracks", "tracks", "countries", "countries", "devices"]
    assert parsed.columns["item_key"] == ["7001", "7002", "us", "NA", "0"]
    assert parsed.columns["position"] == ["1", "2", "1", "2", "1"]
    assert parsed.columns["surface_total"] == ["79", "79", "43", "43", "0"]


def test_lists_tell_the_year_that_ends_on_the_pages_date(read: Read) -> None:
    parsed = read(read_apple_breakdowns, apple_page(DAYS, FRAME, LISTS))
    assert set(parsed.columns["window_start"]) == {"2024-05-23"}
    assert set(parsed.columns["window_end"]) == {"2025-05-22"}


def test_a_list_that_the_page_lacks_is_said(read: Read) -> None:
    content = apple_page(DAYS, FRAME, LISTS).replace(b'"age1year"', b'"ages"')
    [note] = read(read_apple_breakdowns, content).notes
    assert (note.code, "age1year" in note.text) == ("chart_missing", True)


def test_the_sql_types_days(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    rows = _typed(con, SPOTIFY_DAILY, spotify_page({date(2025, 5, 1): 7}, FRAME), tmp_path)
    assert rows == [(1, "all", date(2025, 5, 1), "2025-05", 7)]
    assert rows == _typed(con, APPLE_DAILY, apple_page({date(2025, 5, 1): 7}, FRAME), tmp_path)


def test_the_sql_types_lists_and_writes_countries_in_capitals(
    con: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    lists = {"countries": [Item(name="us", streams=40)]}
    window = (date(2024, 5, 23), date(2025, 5, 22), "2025-05")
    assert _typed(con, APPLE_BREAKDOWNS, apple_page(DAYS, FRAME, lists), tmp_path) == [
        (1, "all", "countries", *window, "US", None, "US", 1, 40, 40)
    ]


def test_the_real_pages_agree_with_themselves(samples: Path) -> None:
    folder = samples / "distrokid" / "streams"
    for path in folder.glob("streams_stats_*.html"):
        assert read_spotify_days(path, frozenset()).notes == (), path.name
    for path in folder.glob("applemusic_stats_*.html"):
        assert read_apple_days(path, frozenset()).notes == (), path.name
        assert read_apple_breakdowns(path, frozenset()).notes == (), path.name
