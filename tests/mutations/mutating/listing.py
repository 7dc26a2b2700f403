"""All mutations, and those of one source."""

from __future__ import annotations

from collections.abc import Sequence

from mutating import distrokid_earnings, distrokid_pages, linktree, metaads, tiktok, toolost
from mutating.model import Mutation

_MODULES = (distrokid_earnings, distrokid_pages, toolost, metaads, tiktok, linktree)


def all_mutations() -> list[Mutation]:
    """Every mutation, source by source."""
    return [mutation for module in _MODULES for mutation in module.mutations()]


def usual(mutations: Sequence[Mutation]) -> list[Mutation]:
    """The first of each sort for each export: what every test run has the time for."""
    firsts = {(one.subject, one.operator): one for one in reversed(mutations)}
    chosen = {one.id for one in firsts.values()}
    return [one for one in mutations if one.id in chosen]


def of_source(mutations: Sequence[Mutation], source: str) -> list[Mutation]:
    """Those of one source, which are judged together."""
    return [mutation for mutation in mutations if mutation.subject.source == source]
