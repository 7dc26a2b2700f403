"""Genders and territories: parts of all followers that print no day."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from bedrot.errors import RejectedPayloadError
from bedrot.sources.tiktok import FOLLOWER_GENDER_STREAM, FOLLOWER_TERRITORIES_STREAM
from bedrot.sources.tiktok.synthetic import Writing, parts

Refused = Callable[..., RejectedPayloadError]
Typed = Callable[..., list[dict[str, Any]]]


GIVEN = {"moment": "known"}
GENDERS = {"Female": "0.56", "Male": "0.44", "Other": "0"}
PLACES = {"GR": "0.381", "NA": "0.141", "Others": "0.478"}


def test_parts_become_percent(typed: Typed) -> None:
    rows = typed(FOLLOWER_GENDER_STREAM, parts("follower_gender", GENDERS), GIVEN)
    assert [row["gender"] for row in rows] == ["female", "male", "other"]
    assert [row["follower_pct"] for row in rows] == [Decimal(56), Decimal(44), 0]
    assert rows[0]["follower_share"] == Decimal("0.56")


def test_namibia_is_a_country_and_the_rest_is_other(typed: Typed) -> None:
    rows = typed(FOLLOWER_TERRITORIES_STREAM, parts("follower_top_territories", PLACES), GIVEN)
    assert [row["territory_code"] for row in rows] == ["GR", "NA", "other"]
    assert rows[1]["follower_pct"] == Decimal("14.1")


def test_words_of_other_languages_and_unknown_ones(typed: Typed) -> None:
    told = parts("follower_gender", {"Mujeres": "0.5", "Hombres": "0.3", "Weiß nicht": "0.2"})
    rows = typed(FOLLOWER_GENDER_STREAM, told, GIVEN)
    assert [row["gender"] for row in rows] == ["female", "male", "weiß nicht"]
    assert [row["is_known_gender"] for row in rows] == [True, True, False]


@pytest.mark.parametrize(
    ("stream", "content"),
    [
        (FOLLOWER_GENDER_STREAM, parts("follower_gender", GENDERS)),
        (FOLLOWER_TERRITORIES_STREAM, parts("follower_top_territories", PLACES)),
    ],
)
def test_without_a_moment_it_is_set_aside(stream: object, content: bytes, refused: Refused) -> None:
    error = refused(stream, content, {}, "missing_as_of")
    assert error.code == "missing_as_of"
    assert "--account NAME --as-of DAY" in str(error.next_step)


@pytest.mark.parametrize("lost", list(PLACES))
def test_a_lost_row_is_noticed(lost: str, refused: Refused, typed: Typed) -> None:
    content = parts("follower_top_territories", {k: v for k, v in PLACES.items() if k != lost})
    assert refused(FOLLOWER_TERRITORIES_STREAM, content, GIVEN).code == "shares_disagree"
    assert len(typed(FOLLOWER_TERRITORIES_STREAM, content, GIVEN, "shares_disagree")) == 2


def test_rounded_parts_and_an_account_without_followers_pass(typed: Typed) -> None:
    rounded = parts("follower_gender", {"Female": "0.33", "Male": "0.33", "Other": "0.33"})
    assert len(typed(FOLLOWER_GENDER_STREAM, rounded, GIVEN)) == 3
    nobody = parts("follower_gender", dict.fromkeys(GENDERS, "0"))
    assert len(typed(FOLLOWER_GENDER_STREAM, nobody, GIVEN)) == 3


def test_a_part_that_nobody_told_is_null(typed: Typed) -> None:
    content = parts("follower_gender", {"Female": "undefined", "Male": "--"}, Writing())
    rows = typed(FOLLOWER_GENDER_STREAM, content, GIVEN)
    assert [row["follower_pct"] for row in rows] == [None, None]
    assert [row["follower_pct_state"] for row in rows] == ["undefined", "dashes"]


@pytest.mark.parametrize("text", ["56%", "0,56", "5.6E-1", "-0.1", ".5"])
def test_other_numbers_are_never_guessed(text: str, refused: Refused) -> None:
    content = parts("follower_gender", GENDERS | {"Female": text})
    assert refused(FOLLOWER_GENDER_STREAM, content, GIVEN).code == "unreadable_value"


def test_percent_without_a_sign_disagrees(refused: Refused) -> None:
    content = parts("follower_gender", {"Female": "56", "Male": "44"})
    assert refused(FOLLOWER_GENDER_STREAM, content, GIVEN).code == "shares_disagree"
