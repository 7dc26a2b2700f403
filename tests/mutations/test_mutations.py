"""Platforms change their exports without a word: no change ends in silently wrong money or counts.

Every run tries one change of each sort on each export; `MUTATIONS=all` tries all, and
`tools/mutation_table.py` prints what comes of each.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Mapping

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

OfSource = Callable[[str], Mapping[str, Judged]]


@pytest.fixture(scope="session")
def judged(tmp_path_factory: pytest.TempPathFactory) -> OfSource:
    """What came of all mutations of a source, which are imported into one lake and run once."""
    known: dict[str, Mapping[str, Judged]] = {}

    def of(source: str) -> Mapping[str, Judged]:
        if source not in known:
            folder = tmp_path_factory.mktemp(source) / "lake"
            known[source] = judge(of_source(TRIED, source), folder)
        return known[source]

    return of


@pytest.mark.parametrize("mutation", TRIED, ids=[mutation.id for mutation in TRIED])
def test_no_change_of_a_layout_makes_money_or_counts_wrong_in_silence(
    judged: OfSource, mutation: Mutation
) -> None:
    found = judged(mutation.subject.source)[mutation.id]
    assert found.outcome in {RIGHT, SET_ASIDE, REFUSED, WARNED, UNDETECTABLE}, found.in_full
    assert found.told or found.outcome == RIGHT
    assert found.next_step or found.outcome != SET_ASIDE
    # What is listed as undetectable and is noticed after all is listed wrongly.
    assert (found.outcome == UNDETECTABLE) == bool(mutation.undetectable), found.in_full


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
