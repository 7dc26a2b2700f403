"""Values of responses: what is read, and what sets a visit aside."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from bedrot.errors import RejectedPayloadError
from bedrot.sources.linktree import (
    CITIES_WINDOW,
    LINK_TITLES,
    LINKS_WINDOW,
    PROFILE_DAILY,
)
from bedrot.sources.linktree.synthetic import Breakdowns, City, Day, Link, Page
from bedrot.sources.linktree.synthetic_responses import (
    breakdowns_response,
    links_response,
    overview_response,
    titles_response,
)

Typed = Callable[..., list[dict[str, Any]]]
Refused = Callable[..., RejectedPayloadError]

DAY = date(2025, 5, 27)
WINDOW = (DAY, DAY)
PAGE = Page(
    days={DAY: Day(views=13, clicks=19, daily_unique_views=14, daily_unique_clicks=20)},
    links=[Link(id=4711, title="Tin", clicks={DAY: 2})],
)
OVERVIEW = overview_response(PAGE, WINDOW)


def test_clicks_above_views_and_uniques_above_totals_are_real(typed: Typed) -> None:
    (row,) = typed(PROFILE_DAILY, [OVERVIEW])
    assert (row["views"], row["clicks"]) == (13, 19)
    assert (row["daily_unique_views"], row["daily_unique_clicks"]) == (14, 20)
    assert row["click_through_rate"] == Decimal("1.4615")
    assert (row["visit_date"], row["visit_year"]) == (DAY, "2025")


@pytest.mark.parametrize(
    ("printed", "read"),
    [
        ("0.5853658536585366", "0.585365853659"),
        ("2", "2"),
        ("1e-05", "0.00001"),
        ("null", None),
    ],
)
def test_a_rate_is_read_as_printed_to_twelve_places(
    printed: str, read: str | None, typed: Typed
) -> None:
    body = OVERVIEW.replace(
        b'"clickThroughRate":1.4615,"date"', f'"clickThroughRate":{printed},"date"'.encode()
    )
    (row,) = typed(PROFILE_DAILY, [body])
    assert row["click_through_rate"] == (None if read is None else Decimal(read))


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        (b'"uniqueViews":14', b'"uniqueViews":-1', "`-1` is not a whole number from 0"),
        (b'"uniqueViews":14', b'"uniqueViews":1.5', "`1.5` is not a whole number"),
        (b'"uniqueViews":14', b'"uniqueViews":1e3', "`1e3` is not a whole number"),
        (b'"uniqueViews":14', b'"uniqueViews":true', "`True` is not a whole number"),
        (b'"uniqueViews":14,', b"", "it has no `uniqueViews`"),
        (b'"date":"2025-05-27"', b'"date":"2025-5-27"', "`2025-5-27` is not a day"),
        (b'"date":"2025-05-27"', b'"date":"20250527"', "is not a day"),
        (b'"clickThroughRate":1.4615,"date"', b'"clickThroughRate":"1.5","date"', "not a number"),
        (b'"timeseries":[', b'"timeseries":{}, "x":[', "`{}` is no list"),
    ],
)
def test_a_value_that_is_not_what_is_due_sets_the_visit_aside(
    old: bytes, new: bytes, why: str, refused: Refused
) -> None:
    assert old in OVERVIEW
    error = refused(PROFILE_DAILY, [OVERVIEW.replace(old, new)])
    assert error.code == "unreadable_value"
    assert why in str(error)


def test_an_id_that_a_spreadsheet_reshaped_sets_the_visit_aside(refused: Refused) -> None:
    body = links_response(PAGE, WINDOW).replace(b'"id":4711', b'"id":4.5e8')
    assert "`4.5e8` is not an id" in str(refused(LINKS_WINDOW, [body]))


def test_a_response_that_was_cut_off_says_so(refused: Refused) -> None:
    error = refused(PROFILE_DAILY, [OVERVIEW[:-40]])
    assert (error.code, "cut off" in str(error)) == ("half_loaded", True)


def test_that_it_was_cut_off_is_said_before_its_time_is_asked_for(refused: Refused) -> None:
    assert refused(PROFILE_DAILY, [OVERVIEW[:-40]], is_dated=False).code == "half_loaded"
    assert refused(PROFILE_DAILY, [OVERVIEW], is_dated=False).code == "unknown_moment"


def test_cities_of_one_name_and_place_are_numbered_by_views(typed: Typed) -> None:
    cities = [
        City(name="Unknown", country_code="us ", views=1),
        City(name="Unknown", country_code="US", views=4),
        City(name="Unknown", country_code="US", views=3, coordinates=("37.751", "-97.822")),
        City(name=None, country_code="NA", views=5),
    ]
    rows = typed(CITIES_WINDOW, [OVERVIEW, breakdowns_response(Breakdowns(cities=cities))])
    told = [(r["city_name"], r["country_code"], r["views"], r["place_number"]) for r in rows]
    assert sorted(told, key=repr) == [
        ("Unknown", "US", 1, 2),
        ("Unknown", "US", 3, 1),
        ("Unknown", "US", 4, 1),
        (None, "NA", 5, 1),
    ]


def test_half_a_character_in_a_title_is_replaced(typed: Typed) -> None:
    body = titles_response(PAGE.links).replace(b'"Tin"', rb'"Tin \ud83d"')
    assert [row["title"] for row in typed(LINK_TITLES, [body])] == ["Tin \ufffd"]
