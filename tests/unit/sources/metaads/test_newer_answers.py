"""What a newer answer tells of an entity's day stands in place of all that older ones told."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from bedrot.sources.metaads.synthetic import Action, Figures, dump, insight_object
from bedrot.testing.lakes import publish, rows_of, throwaway_lake
from bedrot.testing.ledgers import Export
from bedrot.zones.lake import Lake


def answer(stamp: str, *rows: Figures) -> Export:
    content = dump([insight_object(row) for row in rows])
    return Export(name=f"insights_{stamp}_120000.json", content=content)


@pytest.fixture
def lake(tmp_path: Any) -> Iterator[Lake]:
    with throwaway_lake(tmp_path / "lake") as opened:
        yield opened


@pytest.fixture
def bought(day: Figures) -> Figures:
    return replace(day, campaign_id="111", actions=[Action(action_type="purchase", count=3)])


@pytest.fixture
def clicked(day: Figures) -> Figures:
    return replace(day, campaign_id="222", actions=[Action(action_type="link_click", count=1)])


def results(lake: Lake) -> dict[str, int]:
    told = rows_of(lake, "select campaign_id, campaign_result_count from fct_ad_result_daily")
    return {row["campaign_id"]: row["campaign_result_count"] for row in told}


def restated(lake: Lake) -> list[tuple[Any, ...]]:
    told = rows_of(
        lake,
        "select entity_id, action_type, old_value, new_value "
        "from stg_metaads__insight_actions_daily_restatements "
        "where measure = 'action_count' order by all",
    )
    return [tuple(row.values()) for row in told]


def test_a_newer_answer_without_actions_takes_older_ones_away(
    lake: Lake, bought: Figures, clicked: Figures
) -> None:
    quiet = replace(bought, actions=())
    publish(lake, answer("20250521", bought, clicked), answer("20250528", quiet, clicked))
    assert results(lake) == {"222": 1}
    assert restated(lake) == [("111", "purchase", 3, None)]


def test_actions_that_come_later_take_the_place_of_none(
    lake: Lake, bought: Figures, clicked: Figures
) -> None:
    quiet = replace(bought, actions=())
    publish(lake, answer("20250521", quiet, clicked), answer("20250528", bought, clicked))
    assert results(lake) == {"111": 3, "222": 1}
    assert restated(lake) == [("111", "purchase", None, 3)]


def test_an_answer_that_was_not_asked_for_actions_takes_none_away(
    lake: Lake, bought: Figures
) -> None:
    publish(lake, answer("20250521", bought), answer("20250528", replace(bought, actions=())))
    assert (results(lake), restated(lake)) == ({"111": 3}, [])
