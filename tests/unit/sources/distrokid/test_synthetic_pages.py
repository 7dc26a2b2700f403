"""Generated pages are written as DistroKid writes them."""

from __future__ import annotations

import json
import re
from datetime import UTC, date, datetime, timedelta

from bedrot.sources.distrokid.synthetic_pages import Frame, apple_page, page_name, spotify_page

FRAME = Frame(captured_at=datetime(2025, 1, 9, 15, 4, 5, tzinfo=UTC))
TURN_OF_YEAR = {date(2024, 12, 25) + timedelta(days=n): 1 for n in range(14)}


def _spotify_chart(content: bytes, name: str) -> dict[str, int]:
    found = re.search(
        rf'makeChart\("{name}".*?"dataProvider": (\[.*?\])'.encode(), content, re.DOTALL
    )
    assert found is not None
    return {point["category"]: point["column-1"] for point in json.loads(found[1])}


def _apple_chart(content: bytes, name: str) -> dict[str, int]:
    found = re.search(rb"var chartData = (\{.*?\});\n", content)
    assert found is not None
    return {p["field"]: p["value"] for p in json.loads(found[1])[name]["dataProvider"]}


def test_spotifys_weeks_begin_on_mondays_but_the_first() -> None:
    weeks = _spotify_chart(spotify_page(TURN_OF_YEAR, FRAME), "trendWeekly")
    assert weeks == {"2024-12-25": 5, "2024-12-30": 7, "2025-01-06": 2}


def test_spotifys_sixty_days_begin_one_day_early() -> None:
    days = {date(2024, 11, 9): 1, date(2024, 11, 10): 2, date(2025, 1, 7): 3}
    recent = _spotify_chart(spotify_page(days, FRAME), "trend60day")
    assert recent == {"2024-11-10": 2, "2025-01-07": 3}


def test_apples_week_of_new_year_is_the_53rd_of_the_old_one() -> None:
    weeks = _apple_chart(apple_page(TURN_OF_YEAR, FRAME), "byWeek")
    assert weeks == {"52/24": 5, "53/24": 7, "02/25": 2}


def test_apples_months_are_written_month_first() -> None:
    months = _apple_chart(apple_page(TURN_OF_YEAR, FRAME), "byMonth")
    assert months == {"12-24": 7, "01-25": 7}


def test_the_clock_has_twelve_hours() -> None:
    assert b"new Date('2025-01-09 03:04:05 GMT')" in spotify_page({}, FRAME)
    midnight = Frame(captured_at=datetime(2025, 1, 9, tzinfo=UTC))
    assert b"new Date('2025-01-09 12:00:00 GMT')" in spotify_page({}, midnight)


def test_equal_values_give_equal_bytes() -> None:
    assert apple_page(TURN_OF_YEAR, FRAME) == apple_page(dict(TURN_OF_YEAR), FRAME)


def test_pages_are_named_by_store_and_local_time() -> None:
    moment = datetime(2025, 5, 22, 8, 51, 56)  # noqa: DTZ001 - names hold local time
    assert page_name("streams", moment) == "streams_stats_20250522_085156.html"
    assert page_name("applemusic", moment) == "applemusic_stats_20250522_085156.html"
