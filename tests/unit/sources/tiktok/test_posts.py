"""Lists of posts: ids, years, and the day on which they were counted."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bedrot.errors import RejectedPayloadError
from bedrot.sources.tiktok import CONTENT_STREAM
from bedrot.sources.tiktok.posts import read_posts
from bedrot.sources.tiktok.synthetic import Post, Writing, business_content, content, written

Refused = Callable[..., RejectedPayloadError]
Typed = Callable[..., list[dict[str, Any]]]


COUNTED = date(2026, 3, 25)
GIVEN = {"window": "2026-02-25..2026-03-24"}
POST = Post(created_at=datetime(2026, 3, 2, 6, 45, 42, tzinfo=UTC), views=90, likes=8)


def test_a_post_has_the_second_of_its_id(typed: Typed) -> None:
    row = typed(CONTENT_STREAM, content([POST], COUNTED), GIVEN)[0]
    assert row["post_created_at"] == POST.created_at
    assert (row["post_id"], row["post_type"]) == (POST.post_id, "video")
    assert (row["counted_date"], row["post_date"]) == (COUNTED, date(2026, 3, 2))
    assert (row["video_view_count"], row["like_count"]) == (90, 8)
    assert row["favorite_count_state"] == "missing"


@pytest.mark.parametrize("days", [-1, 0, 1, 10, 30])
def test_the_printed_day_gets_the_year_of_the_id(days: int, typed: Typed) -> None:
    made = datetime(2024, 12, 31, 0, 54, tzinfo=UTC)
    printed = made.date() + timedelta(days=days)
    listed = content([Post(created_at=made, printed=printed)], COUNTED)
    assert typed(CONTENT_STREAM, listed, GIVEN)[0]["post_date"] == printed


def test_a_day_two_before_the_post_is_said_to_be_far(payload: Path) -> None:
    printed = POST.created_at.date() - timedelta(days=2)
    payload.write_bytes(content([Post(created_at=POST.created_at, printed=printed)], COUNTED))
    notes = read_posts(payload, frozenset(), GIVEN).notes
    assert [note.code for note in notes] == ["post_day_far"]


def test_titles_with_breaks_quotes_and_nothing_stay(typed: Typed) -> None:
    titles = ['Said the "Sea", 🎵\nand so #on', "", "a\rb", "=1+1"]
    posts = [
        Post(created_at=POST.created_at, title=title, lower_half=n, kind="photo")
        for n, title in enumerate(titles)
    ]
    rows = typed(CONTENT_STREAM, content(posts, COUNTED, Writing(language="el")), GIVEN)
    assert [row["post_title"] or "" for row in rows] == titles


def test_a_window_of_the_year_before_is_noticed(refused: Refused) -> None:
    given = {"window": "2025-02-25..2025-03-24"}
    error = refused(CONTENT_STREAM, content([POST], COUNTED), given, "window_disagrees")
    assert error.code == "window_disagrees"
    assert "after `2025-03-25`" in str(error)


def test_a_window_of_other_months_disagrees(refused: Refused) -> None:
    given = {"window": "2026-05-01..2026-05-30"}
    assert refused(CONTENT_STREAM, content([POST], COUNTED), given).code == "window_disagrees"


@pytest.mark.parametrize("given", [{}, {"moment": "known"}])
def test_a_list_without_a_window_is_set_aside(given: dict[str, str], refused: Refused) -> None:
    error = refused(CONTENT_STREAM, content([POST], COUNTED), given, "missing_window")
    assert error.code == "missing_window"


def test_a_business_list_needs_a_moment_only(typed: Typed, refused: Refused) -> None:
    listed = business_content([POST], "--")
    error = refused(CONTENT_STREAM, listed, {}, "missing_as_of")
    assert error.code == "missing_as_of"
    assert "--as-of" in str(error.next_step)
    row = typed(CONTENT_STREAM, listed, {"moment": "known"})[0]
    assert (row["counted_date"], row["post_date"]) == (None, date(2026, 3, 2))
    assert (row["video_view_count"], row["favorite_count_state"]) == (90, "dashes")


@pytest.mark.parametrize(
    "link",
    [
        "",
        "https://www.tiktok.com/@some.body/video/7.61254E+18",
        "https://www.tiktok.com/@some.body/video/7,6E+18",
        "https://www.tiktok.com/@some.body",
        "https://www.tiktok.com/@some.body/video/123",
        "https://www.tiktok.com/@some.body/video/99999999999999999999",
    ],
)
def test_a_link_that_names_no_post_is_refused(link: str, refused: Refused) -> None:
    rows: list[list[int | str]] = [["March 25", "title", link, "March 2", 1, 2, 3, 4]]
    error = refused(CONTENT_STREAM, written("content", rows), GIVEN, "unreadable_value")
    assert error.code == "unreadable_value"


def test_a_cut_list_is_set_aside_or_shorter(payload: Path) -> None:
    posts = [Post(created_at=POST.created_at, lower_half=n, title="a\nb") for n in range(3)]
    whole = content(posts, COUNTED)
    chance = random.Random(0)
    for cut in chance.sample(range(len(whole)), 150):
        payload.write_bytes(whole[:cut])
        try:
            told = read_posts(payload, frozenset(), GIVEN).columns["post_id"]
        except RejectedPayloadError:
            continue
        assert list(told) == [post.post_id for post in posts[: len(told)]]


@given(
    made=st.lists(st.integers(1_483_228_800, 1_773_964_800), min_size=1, max_size=20, unique=True),
    views=st.integers(0, 10**15),
)
def test_any_posts_come_back(
    made: list[int], views: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    posts = [Post(created_at=datetime.fromtimestamp(one, UTC), views=views) for one in made]
    path = Path(tmp_path_factory.getbasetemp(), "any_posts")
    path.write_bytes(content(posts, COUNTED))
    told = read_posts(path, frozenset(), GIVEN)
    assert told.columns["post_id"] == [post.post_id for post in posts]
    assert told.columns["post_date"] == [str(post.printed_day) for post in posts]
    assert told.columns["video_view_count"] == [str(views)] * len(posts)
