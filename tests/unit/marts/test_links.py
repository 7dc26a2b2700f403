"""Days of a link page, and of the socials on it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

Made = Callable[..., list[dict[str, Any]]]
DAY = {"account_id": "main", "is_provisional": True, "_file_id": "f", "_row": 1, "clicks": 7}


def test_a_day_is_told_as_the_page_tells_it(made: Made) -> None:
    day = {**DAY, "visit_date": date(2025, 5, 27), "visit_year": "2025", "views": 5}
    (row,) = made("fct_link_daily", stg_linktree__profile_daily=[day])
    assert (row["views"], row["clicks"], row["daily_unique_views"]) == (5, 7, None)
    assert row["is_provisional"]


def test_clicks_on_socials_bear_a_name_of_their_own(made: Made) -> None:
    day = {**DAY, "click_date": date(2025, 5, 27), "click_year": "2025"}
    days = [{**day, "social_name": name} for name in ("email_address", "instagram")]
    told = made("fct_link_social_daily", stg_linktree__socials_daily=days)
    assert [(row["social_name"], row["social_clicks"]) for row in told] == [
        ("email_address", 7),
        ("instagram", 7),
    ]
    assert all("clicks" not in row for row in told)
