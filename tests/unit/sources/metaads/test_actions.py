"""Actions come out by type and window, and one type counts for each result."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bedrot.extract.streams import Stream
from bedrot.sources.metaads import INSIGHT_ACTIONS_DAILY, INSIGHT_ACTIONS_LIFETIME
from bedrot.sources.metaads.insight_tables import actions
from bedrot.sources.metaads.synthetic import Action, Figures, dump, insight_object

READ = actions("daily")
PURCHASES = (
    Action(action_type="offsite_conversion.fb_pixel_purchase", count=3, value=Decimal("29.97")),
    Action(action_type="omni_purchase", count=5, value=Decimal("49.95")),
    Action(action_type="purchase", count=4),
)
TYPES = st.sampled_from(
    ["link_click", "purchase", "omni_purchase", "offsite_conversion.custom.17", "lead", "like"]
)


def _file(day: Figures, *told: Action) -> bytes:
    return dump([insight_object(replace(day, actions=told))])


def _counted(found: list[dict[str, Any]]) -> dict[str, int]:
    return {row["result"]: row["action_count"] for row in found if row["is_counted"]}


@given(counts=st.dictionaries(TYPES, st.integers(0, 10**9), min_size=1))
def test_any_counts_come_out_as_they_went_in(counts: dict[str, int], rows: Any) -> None:
    row = Figures(
        campaign_id="1", start=date(2025, 5, 1), stop=date(2025, 5, 1), spend=Decimal("1.5")
    )
    told = [Action(action_type=name, count=count) for name, count in counts.items()]
    found = rows(INSIGHT_ACTIONS_DAILY, _file(row, *told))
    assert {r["action_type"]: r["action_count"] for r in found} == counts
    assert len(_counted(found)) == len({r["result"] for r in found})


def test_the_widest_type_counts_for_its_result(day: Figures, rows: Any) -> None:
    found = rows(INSIGHT_ACTIONS_DAILY, _file(day, *PURCHASES))
    assert _counted(found) == {"purchase": 5}
    assert {row["action_value"] for row in found if row["is_counted"]} == {Decimal("49.95")}


def test_a_narrower_type_counts_where_meta_told_no_wider_one(day: Figures, rows: Any) -> None:
    assert _counted(rows(INSIGHT_ACTIONS_DAILY, _file(day, PURCHASES[0]))) == {"purchase": 3}


@pytest.mark.parametrize("stream", [INSIGHT_ACTIONS_DAILY, INSIGHT_ACTIONS_LIFETIME])
def test_a_type_with_a_count_goes_before_a_wider_one_without(
    stream: Stream, day: Figures, rows: Any
) -> None:
    is_daily = stream is INSIGHT_ACTIONS_DAILY
    start = day.start if is_daily else date(2025, 5, 2)
    fields = insight_object(replace(day, start=start))
    fields["actions"] = [{"action_type": "purchase", "value": "3"}]
    fields["cost_per_action_type"] = [{"action_type": "omni_purchase", "value": "2.0"}]
    found = rows(stream, dump([fields]))
    assert _counted(found) == {"purchase": 3}


def test_the_widest_type_counts_where_none_has_a_count(day: Figures, rows: Any) -> None:
    types = ["purchase", "omni_purchase"]
    costs = [{"action_type": name, "value": "2.0"} for name in types]
    found = rows(
        INSIGHT_ACTIONS_DAILY, dump([insight_object(day) | {"cost_per_action_type": costs}])
    )
    assert {r["action_type"] for r in found if r["is_counted"]} == {"omni_purchase"}


def test_an_unknown_type_is_its_own_result(day: Figures, rows: Any) -> None:
    own = Action(action_type="offsite_conversion.custom.1234", count=7)
    [found] = rows(INSIGHT_ACTIONS_DAILY, _file(day, own))
    assert (found["result"], found["is_known_type"]) == ("offsite_conversion.custom.1234", False)
    assert found["is_counted"]


def test_windows_are_rows_of_their_own(day: Figures, rows: Any) -> None:
    click = Action(action_type="link_click", count=9, windows={"7d_click": 8, "1d_view": 1})
    found = rows(INSIGHT_ACTIONS_DAILY, _file(day, click))
    told = {row["attribution_window"]: row["action_count"] for row in found}
    assert told == {"default": 9, "7d_click": 8, "1d_view": 1}


def test_a_window_that_nobody_knows_is_kept_out_and_named(day: Figures, payload: Any) -> None:
    click = Action(action_type="link_click", count=9, windows={"full_moon": 8})
    payload.write_bytes(_file(day, click))
    parsed = READ(payload, frozenset())
    assert len(parsed.records) == 1
    assert "full_moon" in parsed.notes[0].text


def test_count_value_and_cost_of_one_action_are_one_row(day: Figures, rows: Any) -> None:
    [found] = rows(INSIGHT_ACTIONS_DAILY, _file(day, PURCHASES[0]))
    assert (found["action_count"], found["action_value"]) == (3, Decimal("29.97"))
    assert found["cost_per_action"] == pytest.approx(7.156667)


def test_a_cost_of_many_decimals_is_rounded_and_not_refused(day: Figures, rows: Any) -> None:
    fields = insight_object(day)
    fields["cost_per_action_type"] = [{"action_type": "lead", "value": "0.16788990825688073"}]
    [found] = rows(INSIGHT_ACTIONS_DAILY, dump([fields]))
    assert found["action_count"] is None
    assert found["cost_per_action"] == pytest.approx(0.167889908257)


def test_actions_of_lives_lie_apart_from_those_of_days(day: Figures, rows: Any) -> None:
    life = replace(day, start=date(2025, 5, 2), stop=date(2025, 5, 27))
    content = _file(life, *PURCHASES)
    assert rows(INSIGHT_ACTIONS_DAILY, content) == []
    assert {row["period_stop"] for row in rows(INSIGHT_ACTIONS_LIFETIME, content)} == {life.stop}


@pytest.mark.parametrize("key", ["action_destination", "action_device", "conversion_destination"])
def test_an_action_breakdown_is_set_aside(key: str, day: Figures, code: Any) -> None:
    fields = insight_object(day)
    fields["actions"] = [{"action_type": "lead", "value": "1", key: "x"}]
    assert code(READ, dump([fields])) == "action_breakdown"


@pytest.mark.parametrize(
    ("entries", "expected"),
    [
        ([{"value": "1"}], "missing_field"),
        ([{"action_type": "lead", "value": "1.5"}], "unreadable_value"),
        # The word is the lake's own: of rows without any action.
        ([{"action_type": "None", "value": "1"}], "unreadable_value"),
        (["lead"], "unreadable_record"),
        ({"lead": 1}, "unreadable_value"),
        ([{"action_type": "lead", "value": v} for v in ("1", "2")], "contradictory"),
    ],
)
def test_actions_that_say_nothing_certain_are_set_aside(
    entries: object, expected: str, day: Figures, code: Any
) -> None:
    assert code(READ, dump([insight_object(day) | {"actions": entries}])) == expected


@pytest.mark.parametrize("lists", [{}, {"actions": []}, {"actions": None, "action_values": []}])
@pytest.mark.parametrize("stream", [INSIGHT_ACTIONS_DAILY, INSIGHT_ACTIONS_LIFETIME])
def test_a_row_without_actions_says_so_where_its_file_tells_of_others(
    stream: Stream, lists: dict[str, Any], day: Figures, rows: Any
) -> None:
    start = day.start if stream is INSIGHT_ACTIONS_DAILY else date(2025, 5, 2)
    quiet = replace(day, start=start)
    busy = replace(quiet, campaign_id="8", actions=PURCHASES)
    found = rows(stream, dump([insight_object(quiet) | lists, insight_object(busy)]))
    (none,) = (row for row in found if row["entity_id"] == day.campaign_id)
    assert (none["action_type"], none["result"], none["is_known_type"]) == ("none", "none", True)
    assert (none["action_count"], none["action_value"], none["is_counted"]) == (None, None, False)
    assert _counted(found) == {"purchase": 5}


def test_an_empty_list_alone_says_that_there_was_no_action(day: Figures, rows: Any) -> None:
    (none,) = rows(INSIGHT_ACTIONS_DAILY, dump([insight_object(day) | {"actions": []}]))
    assert (none["action_type"], none["attribution_window"]) == ("none", "default")


@pytest.mark.parametrize("other", ["action_values", "cost_per_action_type"])
def test_a_file_that_tells_no_actions_at_all_says_nothing_of_them(
    other: str, day: Figures, rows: Any
) -> None:
    told = insight_object(day) | {other: [{"action_type": "lead", "value": "1"}]}
    quiet = insight_object(replace(day, campaign_id="8"))
    found = rows(INSIGHT_ACTIONS_DAILY, dump([told, quiet]))
    assert [row["action_type"] for row in found] == ["lead"]


def test_actions_of_which_nothing_is_read_are_not_called_none(day: Figures, rows: Any) -> None:
    odd = insight_object(day) | {"actions": [{"action_type": "lead", "full_moon": "8"}]}
    assert rows(INSIGHT_ACTIONS_DAILY, dump([odd])) == []


def test_a_row_without_actions_points_at_its_figures(day: Figures, payload: Any) -> None:
    payload.write_bytes(dump([insight_object(day) | {"actions": []}]))
    parsed = READ(payload, frozenset())
    assert (list(parsed.places), "21.47" in parsed.records[0]) == (["[0]"], True)
