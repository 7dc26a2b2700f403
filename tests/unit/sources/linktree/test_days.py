"""Days that several windows tell, totals, and what is said of a visit."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from bedrot.errors import RejectedPayloadError
from bedrot.sources.linktree import (
    LIFETIME,
    LINK_TITLES,
    OVERVIEW_WINDOW,
    PROFILE_DAILY,
    SOCIALS_DAILY,
    SUBSCRIBERS_DAILY,
)
from bedrot.sources.linktree.synthetic import Day, Lifetime, Link, Page, lifetime_of, shared_out
from bedrot.sources.linktree.synthetic_responses import (
    analytics,
    breakdowns_response,
    links_response,
    overview_response,
    subscribers_response,
    titles_response,
    written,
)

Typed = Callable[..., list[dict[str, Any]]]
Refused = Callable[..., RejectedPayloadError]
Noted = Callable[..., Mapping[str, str]]

LAST = date(2025, 5, 27)
BEFORE = LAST - timedelta(days=1)
WEEK = (LAST - timedelta(days=6), LAST)
MONTH = (LAST - timedelta(days=29), LAST)
LINKS = [Link(id=1, title="Tin", clicks={LAST: 4})]
PAGE = Page(
    days={LAST: Day(views=9, clicks=5), BEFORE: Day(views=20)},
    links=LINKS,
    socials={"instagram": {LAST: 1}},
)
LATER = Page(days={LAST: Day(views=11, clicks=6), BEFORE: Day(views=20)})
WHOLE = [
    overview_response(PAGE, WEEK),
    links_response(PAGE, WEEK),
    subscribers_response(PAGE, WEEK),
    titles_response(LINKS),
    breakdowns_response(shared_out(PAGE, WEEK), lifetime_of(PAGE)),
]


def views(rows: list[dict[str, Any]]) -> dict[date, int]:
    return {row["visit_date"]: row["views"] for row in rows if row["views"]}


def test_of_a_whole_visit_that_agrees_nothing_is_said(noted: Noted) -> None:
    assert noted(WHOLE) == {}


def test_days_that_two_windows_tell_are_one_row_each(typed: Typed, noted: Noted) -> None:
    bodies = [overview_response(PAGE, WEEK), overview_response(PAGE, MONTH)]
    rows = typed(PROFILE_DAILY, bodies)
    assert len(rows) == 30
    assert views(rows) == {LAST: 9, BEFORE: 20}
    assert "told_differently" not in noted(bodies)


@pytest.mark.parametrize("order", [1, -1])
def test_the_longer_series_counts_and_a_difference_is_said(
    order: int, typed: Typed, noted: Noted
) -> None:
    bodies = [overview_response(LATER, WEEK), overview_response(PAGE, MONTH)][::order]
    assert views(typed(PROFILE_DAILY, bodies)) == {LAST: 9, BEFORE: 20}
    assert "views 9, clicks 5" in noted(bodies)["told_differently"]


def test_of_two_overviews_of_one_window_the_later_counts(typed: Typed) -> None:
    bodies = [overview_response(PAGE, WEEK), overview_response(LATER, WEEK)]
    assert views(typed(PROFILE_DAILY, bodies)) == {LAST: 11, BEFORE: 20}
    assert [row["views"] for row in typed(OVERVIEW_WINDOW, bodies)] == [31]


@pytest.mark.parametrize("order", [[1000, 1001], [1001, 1000]])
def test_of_two_totals_of_one_second_the_later_counts(order: list[int], typed: Typed) -> None:
    totals = [replace(lifetime_of(PAGE), views=views) for views in order]
    bodies = [breakdowns_response(shared_out(PAGE, WEEK), total) for total in totals]
    assert [row["views"] for row in typed(LIFETIME, bodies, apart=0.8)] == [order[1]]


def test_days_of_socials_are_one_row_each_too(typed: Typed) -> None:
    bodies = [links_response(PAGE, MONTH), links_response(PAGE, WEEK)]
    rows = typed(SOCIALS_DAILY, bodies)
    assert (len(rows), sum(row["clicks"] for row in rows)) == (30, 1)


def test_titles_and_totals_are_those_told_last(typed: Typed, noted: Noted) -> None:
    renamed = titles_response([Link(id=1, title="Tin (live)", is_active=False)])
    totals = [
        breakdowns_response(
            shared_out(PAGE, WEEK), Lifetime(views=n, clicks=2, profile_clicks=1, social_clicks=1)
        )
        for n in (40, 41)
    ]
    bodies = [*WHOLE, renamed, *totals]
    assert [row["views"] for row in typed(LIFETIME, bodies)] == [41]
    (title,) = typed(LINK_TITLES, bodies)
    assert (title["title"], title["is_active"], title["url"]) == ("Tin (live)", False, None)
    assert "title Tin (live), is_active false" in noted(bodies)["told_differently"]


@pytest.mark.parametrize("figure", ["totalViews", "totalClicks"])
def test_totals_that_are_not_the_sums_of_the_days_set_the_visit_aside(
    figure: str, refused: Refused, typed: Typed, noted: Noted
) -> None:
    bodies = [overview_response(PAGE, WEEK, **{figure: 1000})]
    error = refused(PROFILE_DAILY, bodies)
    assert error.code == "totals_disagree"
    assert "are 1000, and its days add up to" in str(error)
    assert "`bedrot quarantine accept`" in str(error.next_step)
    assert len(typed(PROFILE_DAILY, bodies, "totals_disagree")) == 7
    assert "a person accepted that" in noted(bodies, "totals_disagree")["totals_disagree"]


def test_a_null_day_makes_the_sum_the_least(typed: Typed, refused: Refused, noted: Noted) -> None:
    body = overview_response(PAGE, WEEK).replace(b'"totalViews":20,', b'"totalViews":null,')
    assert views(typed(PROFILE_DAILY, [body])) == {LAST: 9}
    assert "1 figure(s) are null" in noted([body])["null_value"]
    less = body.replace(b'"totalViews":29,', b'"totalViews":8,')
    assert refused(PROFILE_DAILY, [less]).code == "totals_disagree"


def test_what_is_not_told_by_day_is_set_aside(refused: Refused) -> None:
    weekly = overview_response(PAGE, MONTH).replace(b"2025-05-20", b"2025-04-13")
    assert refused(PROFILE_DAILY, [weekly]).code == "not_daily"
    monthly = subscribers_response(PAGE, WEEK, interval="MONTHLY")
    error = refused(SUBSCRIBERS_DAILY, [monthly])
    assert (error.code, "Daily" in str(error.next_step)) == ("not_daily", True)


def test_what_a_visit_lacks_is_named(noted: Noted) -> None:
    told = noted([*WHOLE[1:], links_response(PAGE, MONTH)])["incomplete_visit"]
    assert told == "the visit has no response with `overview`"
    told = noted([*WHOLE, links_response(PAGE, MONTH)])["incomplete_visit"]
    assert "no `overview` of 2025-04-28..2025-05-27" in told
    assert "`links`" not in told
    assert "`links` nor `link titles`" in noted([WHOLE[0], WHOLE[2], WHOLE[4]])["incomplete_visit"]
    assert "has no data" in noted([*WHOLE, analytics()])["incomplete_visit"]


def test_an_overview_without_days_is_said_and_not_read(typed: Typed, noted: Noted) -> None:
    bare = analytics(overview={"totalViews": 1000, "totalClicks": 5, "timeseries": []})
    told = noted([bare, *WHOLE[1:]])
    assert "has totals (views 1000, clicks 5) and no days" in told["unknown_window"]
    assert told["incomplete_visit"] == "the visit has no response with `overview`"
    assert [row["views"] for row in typed(OVERVIEW_WINDOW, [bare, *WHOLE])] == [29]
    assert "incomplete_visit" not in noted([bare, *WHOLE])


def test_totals_that_differ_by_surface_stay_and_are_said(noted: Noted) -> None:
    page = Page(days={LAST: Day(views=9, clicks=8)}, links=LINKS, socials=PAGE.socials)
    told = noted([overview_response(page, WEEK), *WHOLE[1:]])["surfaces_differ"]
    assert "the overview has 9 views and 8 clicks, links and socials 5 clicks" in told
    assert "lifetime has 29 views and 5 clicks (links 4, socials 1), clicks of" in told


def test_a_social_whose_total_is_not_the_sum_of_its_days_is_said(noted: Noted) -> None:
    body = links_response(PAGE, WEEK).replace(
        b'"date":null,"name":"instagram","views":{"total":29,"__typename":"AccountViews"},"clicks":{"total":1',
        b'"date":null,"name":"instagram","views":{"total":29,"__typename":"AccountViews"},"clicks":{"total":2',
    )
    assert (
        "socials 2 clicks, and 1 by day" in noted([WHOLE[0], body, *WHOLE[2:]])["surfaces_differ"]
    )


def test_names_that_nobody_knows_are_said(noted: Noted) -> None:
    bodies = [
        analytics(heatmap={"a": 1}, products=[{"id": 1}]),
        written({"link1": None, "more": 1}),
    ]
    told = noted([*WHOLE, *bodies])["unknown_columns"]
    assert "`getAccountAnalytics.heatmap`, `getAccountAnalytics.products`, `more`" in told
