"""The eight tables of insights are what their templates say, and the aliases are sound."""

import csv
from collections import Counter

import pytest

from bedrot.extract.streams import Stream
from bedrot.sources.metaads import INSIGHT_ACTIONS_DAILY, SOURCE
from bedrot.sources.metaads.definitions import HERE, LEVELS, definitions

ALIASES = list(csv.DictReader(INSIGHT_ACTIONS_DAILY.aliases["action_types"].splitlines()))


@pytest.mark.parametrize("path", sorted(definitions()))
def test_a_file_is_what_its_template_gives(path: str) -> None:
    written = HERE.joinpath(path).read_text(encoding="utf-8")
    assert written == definitions()[path], "python -m bedrot.sources.metaads.definitions"


@pytest.mark.parametrize("stream", SOURCE.streams, ids=lambda stream: stream.name)
def test_every_contract_is_read(stream: Stream) -> None:
    assert stream.contract.table == f"stg_metaads__{stream.name}"


@pytest.mark.parametrize("stream", SOURCE.streams, ids=lambda stream: stream.name)
def test_no_column_is_called_dollars(stream: Stream) -> None:
    assert [c.name for c in stream.contract.columns if c.name.endswith("usd")] == []


def test_no_figure_of_insights_has_one_name_at_two_levels() -> None:
    figures = Counter(
        column.name
        for stream in SOURCE.streams
        if "_insights_daily" in stream.name
        for column in stream.contract.columns
        if column.unit
    )
    assert set(figures.values()) == {1}
    assert {name.partition("_")[0] for name in figures} == set(LEVELS)


@pytest.mark.parametrize("part", ["reach", "unique_clicks", "frequency", "cpc", "ctr_pct"])
def test_what_counts_people_or_is_a_quotient_says_so(part: str) -> None:
    for stream in SOURCE.streams:
        for column in stream.contract.columns:
            if column.name.endswith(f"_{part}"):
                assert "NEVER TO BE SUMMED" in column.description


def test_one_action_type_counts_for_each_result() -> None:
    ranks = Counter((row["result"], row["preference"]) for row in ALIASES)
    assert set(ranks.values()) == {1}
    assert {row["result"] for row in ALIASES if row["preference"] == "1"} == {
        row["result"] for row in ALIASES
    }


def test_an_action_type_has_one_result() -> None:
    assert len({row["alias"] for row in ALIASES}) == len(ALIASES)
    assert all(row["alias"] == row["alias"].lower() for row in ALIASES)


def test_what_a_capture_tells_of_an_entitys_day_stands_together() -> None:
    whole = INSIGHT_ACTIONS_DAILY.contract.properties["whole"]
    assert whole == ("account_id", "level", "entity_id", "insight_date")
