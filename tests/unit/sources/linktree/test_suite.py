"""What holds for every stream, tried on a visit; and that every table has what is true."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from bedrot.extract.visits import Response, wall_clock, write_visit
from bedrot.sources.linktree import (
    CITIES_WINDOW,
    LINK_TITLES,
    PROFILE_DAILY,
    SOURCE,
)
from bedrot.sources.linktree.synthetic import (
    Day,
    Link,
    Page,
    Subscribers,
    sign_in_page,
    visit_responses,
)
from bedrot.testing.source_suite import Example, source_suite

Typed = Callable[..., list[dict[str, Any]]]

SEEN = datetime(2025, 5, 27, 14, 18, 26)  # noqa: DTZ001 - a clock on a wall
DAYS = [date(2025, 5, 16) + timedelta(days=n) for n in range(12)]
PAGE = Page(
    days={
        day: Day(views=n, clicks=2 * n, daily_unique_views=n + 1, daily_unique_clicks=n)
        for n, day in enumerate(DAYS)
    },
    links=[
        Link(id=4711, title="Said the Sea", clicks=dict.fromkeys(DAYS, 3)),
        Link(id=4712, title="Tin", clicks={DAYS[0]: 5}, is_active=False, url="https://x.example/"),
    ],
    socials={"instagram": dict.fromkeys(DAYS[-2:], 4), "email_address": {}},
    subscribers={"email": {DAYS[-1]: Subscribers(total=9, clicks=2, daily_total=1)}},
)
BODIES = {
    name: body
    for name, body in visit_responses(PAGE, SEEN, lengths=(7, 12)).items()
    if b"getAccountAnalytics" in body or b'"link4711"' in body
}


def _visit() -> bytes:
    with TemporaryDirectory() as folder:
        path = Path(folder, "visit")
        write_visit([Response(at=wall_clock(n), body=body) for n, body in BODIES.items()], path)
        return path.read_bytes()


def _example(rows: int, units: int | None = None) -> list[Example]:
    return [Example(name="visit_20250527_141826.zip", content=_visit(), rows=rows, units=units)]


TestProfileDaily = source_suite(PROFILE_DAILY, _example(12, 66))
TestCitiesWindow = source_suite(CITIES_WINDOW, _example(8, 122))
TestLinkTitles = source_suite(LINK_TITLES, _example(2))


@pytest.mark.parametrize("stream", SOURCE.streams, ids=lambda stream: stream.name)
def test_the_sql_gives_the_columns_of_the_contract(stream: Any, typed: Typed) -> None:
    rows = typed(stream, BODIES.values())
    assert set(rows[0]) == {column.name for column in stream.contract.read_columns} | {"_row"}


@pytest.mark.parametrize(
    ("name", "rows", "figure", "total"),
    [
        ("overview_window", 2, "clicks", 2 * (66 + 56)),
        ("links_window", 3, "clicks", 21 + 36 + 5),
        ("socials_window", 4, "clicks", 16),
        ("socials_daily", 24, "clicks", 8),
        ("countries_window", 6, "views", 66 + 56),
        ("referrers_window", 6, "views", 66 + 56),
        ("devices_window", 4, "clicks", 2 * (66 + 56)),
        ("subscribers_daily", 36, "subscribers_total", 9),
        ("lifetime", 1, "clicks", 36 + 5 + 8),
    ],
)
def test_every_table_has_what_is_true_of_the_page(
    name: str, rows: int, figure: str, total: int, typed: Typed
) -> None:
    stream = next(stream for stream in SOURCE.streams if stream.name == name)
    told = typed(stream, BODIES.values())
    assert (len(told), sum(row[figure] for row in told)) == (rows, total)


def test_the_same_look_is_written_the_same_twice() -> None:
    assert visit_responses(PAGE, SEEN) == visit_responses(PAGE, SEEN)


def test_its_sign_in_page_is_no_data() -> None:
    assert "sign-in page" in str(SOURCE.stray(sign_in_page()))
    assert SOURCE.stray(b"<!doctype html><html><body>Linktree of a band</body></html>") is None
