"""Which window a response is about, and how that was found."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Any

import pytest

from bedrot.sources.linktree import DEVICES_WINDOW, LINKS_WINDOW, SOCIALS_WINDOW
from bedrot.sources.linktree.synthetic import Breakdowns, Day, Link, Named, Page
from bedrot.sources.linktree.synthetic_responses import (
    breakdowns_response,
    links_response,
    overview_response,
)

Typed = Callable[..., list[dict[str, Any]]]
Noted = Callable[..., Mapping[str, str]]

LAST = date(2025, 5, 27)
WEEK = (LAST - timedelta(days=6), LAST)
MONTH = (LAST - timedelta(days=29), LAST)
QUARTER = (LAST - timedelta(days=89), LAST)
PAGE = Page(
    days={LAST - timedelta(days=n): Day(views=10, clicks=5) for n in range(20)},
    links=[Link(id=1, title="Tin", clicks={LAST: 30})],
    socials={"instagram": {LAST: 3}},
)
# 70 views in the week; 200 in the month, and the same 200 in the quarter.
OVERVIEWS = {window: overview_response(PAGE, window) for window in (WEEK, MONTH, QUARTER)}


def devices(views: int, referred: int | None = None) -> bytes:
    referrers = [] if referred is None else [Named(name="Tiktok", views=referred)]
    return breakdowns_response(
        Breakdowns(devices=[Named(name="mobile", views=views)], referrers=referrers)
    )


def found(rows: list[dict[str, Any]]) -> set[tuple[date, date, str]]:
    return {(row["window_start"], row["window_end"], row["window_from"]) for row in rows}


def test_links_and_socials_take_the_window_of_the_socials_days(typed: Typed) -> None:
    bodies = [OVERVIEWS[WEEK], links_response(PAGE, MONTH)]
    for stream in (LINKS_WINDOW, SOCIALS_WINDOW):
        assert found(typed(stream, bodies)) == {(*MONTH, "own_series")}


def test_without_socials_links_take_the_overview_whose_clicks_fit(typed: Typed) -> None:
    bodies = [links_response(PAGE, WEEK, with_series=False), *OVERVIEWS.values()]
    assert found(typed(LINKS_WINDOW, bodies)) == {(*WEEK, "overview_clicks")}


@pytest.mark.parametrize("views", [63, 70])
def test_breakdowns_take_the_overview_whose_views_fit(views: int, typed: Typed) -> None:
    bodies = [devices(views), OVERVIEWS[WEEK], OVERVIEWS[MONTH]]
    assert found(typed(DEVICES_WINDOW, bodies)) == {(*WEEK, "overview_views")}


def test_the_best_fit_is_the_overview_with_the_least_left_over(typed: Typed) -> None:
    wider = Page(days={**PAGE.days, LAST - timedelta(days=40): Day(views=10)})
    bodies = [OVERVIEWS[MONTH], overview_response(wider, QUARTER), devices(199)]
    assert found(typed(DEVICES_WINDOW, bodies)) == {(*MONTH, "overview_views")}


def test_of_overviews_that_fit_equally_the_nearest_in_time_is_taken(typed: Typed) -> None:
    far, near = OVERVIEWS[QUARTER], OVERVIEWS[MONTH]
    for bodies in ([far, OVERVIEWS[WEEK], devices(200), near], [devices(200), near, far]):
        assert found(typed(DEVICES_WINDOW, bodies)) == {(*MONTH, "overview_views_and_time")}


@pytest.mark.parametrize(
    ("bodies", "why"),
    [
        ([devices(62), OVERVIEWS[WEEK]], "its 62 views fit no overview of the visit (70 of"),
        ([devices(71), OVERVIEWS[WEEK]], "its 71 views fit no overview"),
        ([devices(65, 71), OVERVIEWS[WEEK]], "its 71 views fit no overview"),
        ([devices(70)], "the visit has no overview"),
        ([OVERVIEWS[MONTH], devices(200), OVERVIEWS[QUARTER]], "fit the overviews of 2025-02-27"),
    ],
    ids=["too few", "too many", "one list too many", "no overview", "equally near"],
)
def test_rows_of_an_unknown_window_are_left_out_and_named(
    bodies: list[bytes], why: str, typed: Typed, noted: Noted
) -> None:
    assert typed(DEVICES_WINDOW, bodies) == []
    text = noted(bodies)["unknown_window"]
    assert "devices of `20250527_1418" in text
    assert why in text


def test_nothing_fits_where_all_responses_have_one_stated_time(typed: Typed) -> None:
    bodies = [OVERVIEWS[MONTH], OVERVIEWS[QUARTER], devices(200)]
    assert typed(DEVICES_WINDOW, bodies, apart=0) == []


def test_a_page_that_nobody_looked_at_fits_its_overview(typed: Typed) -> None:
    bodies = [overview_response(Page(days={}), WEEK), devices(0)]
    assert found(typed(DEVICES_WINDOW, bodies)) == {(*WEEK, "overview_views")}


def test_of_two_lists_of_one_window_the_later_counts_whole(typed: Typed, noted: Noted) -> None:
    first = breakdowns_response(
        Breakdowns(devices=[Named(name="mobile", views=60), Named(name="desktop", views=10)])
    )
    bodies = [OVERVIEWS[WEEK], first, devices(68)]
    assert [(r["device_name"], r["views"]) for r in typed(DEVICES_WINDOW, bodies)] == [
        ("mobile", 68)
    ]
    assert "not what was told before" in noted(bodies)["told_differently"]
