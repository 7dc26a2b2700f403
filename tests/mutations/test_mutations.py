"""Platforms change their exports without a word: no change ends in silently wrong money or counts.

Every run tries one change of each sort on each export; `MUTATIONS=all` tries all, and
`tools/mutation_table.py` prints what comes of each.
"""

from __future__ import annotations

import os
from collections import Counter
from pathlib import Path

import pytest
from mutating.judging import (
    REFUSED,
    RIGHT,
    SET_ASIDE,
    UNDETECTABLE,
    WARNED,
    Judged,
    judge,
)
from mutating.listing import all_mutations, of_source, usual
from mutating.model import OPERATORS, Mutation
from mutating.model import UNDETECTABLE as KINDS

from bedrot.sources import all_sources

ALL = all_mutations()
TRIED = ALL if os.environ.get("MUTATIONS") == "all" else usual(ALL)

MONEY = {"distrokid", "toolost"}
"""Whose changes every run tries; `make soak` and `make mutations` try those of all."""
SOURCES = sorted({mutation.subject.source for mutation in TRIED})


def is_fair(found: Judged) -> bool:
    """Whether nobody is misled: right, set aside with what to do, said, or known to be hidden."""
    return (
        found.outcome in {RIGHT, SET_ASIDE, REFUSED, WARNED, UNDETECTABLE}
        and bool(found.told or found.outcome == RIGHT)
        and bool(found.next_step or found.outcome != SET_ASIDE)
        # What is listed as undetectable and is noticed after all is listed wrongly.
        and (found.outcome == UNDETECTABLE) == bool(found.mutation.undetectable)
    )


# Slow: each of some fifty changes is imported and run; one lake a source serves for all of them.
@pytest.mark.parametrize(
    "source",
    [
        pytest.param(source, marks=pytest.mark.slow if source in MONEY else pytest.mark.soak)
        for source in SOURCES
    ],
)
def test_no_change_of_a_layout_makes_money_or_counts_wrong_in_silence(
    source: str, tmp_path: Path
) -> None:
    found = judge(of_source(TRIED, source), tmp_path / "lake").values()
    assert [one.in_full for one in found if not is_fair(one)] == []


def test_every_source_and_every_sort_of_change_is_tried() -> None:
    assert len(TRIED) >= 200
    assert len({mutation.id for mutation in ALL}) == len(ALL)
    assert {mutation.operator for mutation in TRIED} == set(OPERATORS)
    tried = Counter(mutation.subject.source for mutation in TRIED)
    assert {source.name for source in all_sources()} <= set(tried)
    assert min(tried.values()) >= 10


def test_few_changes_are_undetectable_and_each_is_of_a_known_kind() -> None:
    undetectable = [mutation for mutation in ALL if mutation.undetectable]
    assert {mutation.undetectable for mutation in undetectable} <= set(KINDS)
    assert len(undetectable) * 10 <= len(ALL)


@pytest.mark.parametrize("mutation", ALL[::7], ids=[mutation.id for mutation in ALL[::7]])
def test_a_change_is_the_same_every_time(mutation: Mutation) -> None:
    assert mutation.mutant == mutation.mutant
