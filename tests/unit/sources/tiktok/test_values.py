"""Figures, and the five ways of having none."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bedrot.errors import RejectedPayloadError
from bedrot.sources.tiktok import FOLLOWER_HISTORY_STREAM, OVERVIEW_STREAM, VIEWERS_STREAM
from bedrot.sources.tiktok.daily import read_overview
from bedrot.sources.tiktok.synthetic import LANGUAGES, Writing, daily

Refused = Callable[..., RejectedPayloadError]
Typed = Callable[..., list[dict[str, Any]]]


DAY = date(2025, 7, 14)
GIVEN = {"window": f"{DAY}..{DAY}"}
COLUMNS = (
    "video_view_count",
    "profile_view_count",
    "like_count",
    "comment_count",
    "share_count",
)


@pytest.mark.parametrize(
    ("text", "state"),
    [
        ("undefined", "undefined"),
        ("NAN", "nan"),
        ("NaN", "nan"),
        ("--", "dashes"),
        ("", "empty"),
        (" ", "empty"),
        ("null", "null"),
    ],
)
def test_words_for_nothing_are_kept_apart(text: str, state: str, typed: Typed) -> None:
    row = typed(VIEWERS_STREAM, daily("viewers", {DAY: [text, 0, "3"]}), GIVEN)[0]
    assert (row["viewer_count"], row["viewer_count_state"]) == (None, state)
    assert (row["new_viewer_count"], row["new_viewer_count_state"]) == (0, None)


def test_a_column_that_the_variant_lacks_is_missing(typed: Typed) -> None:
    row = typed(OVERVIEW_STREAM, daily("overview", {DAY: [1, 2, 3, 4, 5]}), GIVEN)[0]
    assert (row["lead_count"], row["lead_count_state"]) == (None, "missing")


def test_comments_may_be_below_zero(typed: Typed) -> None:
    row = typed(OVERVIEW_STREAM, daily("overview", {DAY: [2, 0, -7, -1, 0]}), GIVEN)[0]
    assert (row["like_count"], row["comment_count"]) == (-7, -1)


@pytest.mark.parametrize(
    "text", ["1,234", "1.234", "1 234", "12.0", "1e3", "1.2K", "٣", "+3", "0x1"]
)
def test_other_numbers_are_never_guessed(text: str, refused: Refused, typed: Typed) -> None:
    content = daily("overview", {DAY: [text, 2, 3, 4, 5]})
    assert refused(OVERVIEW_STREAM, content, GIVEN).code == "unreadable_value"
    row = typed(OVERVIEW_STREAM, content, GIVEN, "unreadable_value")[0]
    assert (row["video_view_count"], row["video_view_count_state"]) == (None, "unreadable")


def test_the_difference_of_followers_is_never_read(typed: Typed) -> None:
    days = [DAY, DAY + timedelta(days=1)]
    given = {"window": f"{days[0]}..{days[1]}"}
    one = daily("follower_history", {days[0]: [470, 1], days[1]: [471, 39]})
    other = daily("follower_history", {days[0]: [470, 1], days[1]: [471, "1,000"]})
    assert typed(FOLLOWER_HISTORY_STREAM, one, given) == typed(
        FOLLOWER_HISTORY_STREAM, other, given
    )


def test_business_columns_are_read_by_name(typed: Typed) -> None:
    overview = daily("business_overview", {DAY: [1, 2, 3, 4, 5, 6, 7, "NAN", 9, 10, 11]})
    row = typed(OVERVIEW_STREAM, overview, {})[0]
    assert [row[name] for name in COLUMNS] == [1, 3, 4, 6, 5]
    assert (row["phone_click_count"], row["lead_count_state"]) == (7, "nan")
    audience = daily("business_audience", {DAY: [1, 200, "--", 4]})
    row = typed(FOLLOWER_HISTORY_STREAM, audience, {})[0]
    assert (row["follower_count"], row["reached_audience_count_state"]) == (200, "dashes")


_FIGURE = st.integers(-(10**17), 10**17) | st.sampled_from(["undefined", "NAN", "--", ""])


@given(
    figures=st.lists(st.tuples(*[_FIGURE] * 5), min_size=1, max_size=40),
    first=st.dates(date(2018, 1, 1), date(2035, 1, 1)),
    language=st.sampled_from(LANGUAGES),
    is_quoted=st.booleans(),
)
def test_any_figures_come_back(
    figures: list[tuple[int | str, ...]],
    first: date,
    language: str,
    is_quoted: bool,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    days = {first + timedelta(days=n): told for n, told in enumerate(figures)}
    writing = Writing(language=language, is_quoted=is_quoted, is_ended=not is_quoted)
    path = Path(tmp_path_factory.getbasetemp(), "any_figures")
    path.write_bytes(daily("overview", days, writing))
    parsed = read_overview(path, frozenset(), {"window": f"{min(days)}..{max(days)}"})
    assert parsed.columns["day_date"] == [str(day) for day in days]
    for place, name in enumerate(COLUMNS):
        told = [t[place] for t in figures]
        assert parsed.columns[name] == [str(t) if isinstance(t, int) else None for t in told]


@given(
    figures=st.lists(st.tuples(*[st.integers(0, 99)] * 5), min_size=1, max_size=9),
    cut=st.floats(0, 1),
)
def test_a_cut_file_never_gives_rows(
    figures: list[tuple[int, ...]], cut: float, tmp_path_factory: pytest.TempPathFactory
) -> None:

    days = {DAY + timedelta(days=n): told for n, told in enumerate(figures)}
    content = daily("overview", days)
    path = Path(tmp_path_factory.getbasetemp(), "cut")
    path.write_bytes(content[: int(cut * (len(content) - 1))])
    with pytest.raises(RejectedPayloadError):
        read_overview(path, frozenset(), {"window": f"{min(days)}..{max(days)}"})
