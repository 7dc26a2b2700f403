"""The merges of daily figures against their rules written down once more, in plain Python."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from bedrot.testing.daily_merging import (
    MEASURES,
    Change,
    DailyCapture,
    Figure,
    MergeDaily,
    Row,
    daily_in_time,
    figure,
)

Key = tuple[object, ...]
KeyOf = Callable[[Figure], Key]
Told = tuple[int | None, list[Figure], str]

VALUES = st.none() | st.integers(0, 2)
FIGURES = st.builds(
    figure,
    st.sampled_from([1, 2, 30, 31, 33]),
    VALUES,
    saves=VALUES,
    scope=st.sampled_from(["all", "track:1"]),
    item=st.sampled_from(["a", "b"]),
)


def of_day(one: Figure) -> Key:
    return one.scope, one.day


def of_item(one: Figure) -> Key:
    return one.scope, one.day, one.item


def captures_of(key: KeyOf) -> st.SearchStrategy[list[Told]]:
    told = st.tuples(
        st.none() | st.integers(1, 4),
        st.lists(FIGURES, max_size=5, unique_by=key).map(
            lambda held: [figure(1, 1, scope="x"), *held]
        ),
        st.sampled_from(["ours", "theirs"]),
    )
    return st.lists(told, min_size=1, max_size=6)


def _captures(told: Sequence[Told]) -> list[DailyCapture]:
    return [
        DailyCapture(file_id=f"f{number}", day=day, figures=tuple(held), account_id=account_id)
        for number, (day, held, account_id) in enumerate(told)
    ]


@settings(max_examples=60)
@given(told=captures_of(of_day))
def test_the_merge_of_a_flow_is_what_the_rules_say(
    merge_flow: MergeDaily, told: list[Told]
) -> None:
    captures = _captures(told)
    merged = merge_flow(*captures)
    model = _Model(captures, whole=of_day, key=of_day)
    assert list(merged.rows) == model.rows(is_flow=True)
    assert _sorted(merged.changes) == _sorted(model.changes(is_flow=True))


@settings(max_examples=40)
@given(told=captures_of(of_item))
def test_the_merge_of_windows_is_what_the_rules_say(
    merge_window: MergeDaily, told: list[Told]
) -> None:
    captures = _captures(told)
    merged = merge_window(*captures)
    model = _Model(captures, whole=of_day, key=of_item)
    assert list(merged.rows) == model.rows(is_flow=False)
    assert _sorted(merged.changes) == _sorted(model.changes(is_flow=False))


def _sorted(changes: Sequence[Change]) -> list[Change]:
    return sorted(changes, key=repr)


class _Model:
    """Wholes are walked one by one, oldest capture first."""

    def __init__(self, captures: Sequence[DailyCapture], *, whole: KeyOf, key: KeyOf) -> None:
        self.captures = daily_in_time(captures)
        self.whole = whole
        self.key = key

    def wholes(self) -> set[tuple[str, Key]]:
        return {
            (seen.account_id, self.whole(one))
            for seen in self.captures
            for one in seen.merged_figures
        }

    def walk(self, account_id: str, whole: Key) -> list[tuple[DailyCapture, dict[Key, Figure]]]:
        """The captures that tell a whole, with what they tell."""
        found = []
        for seen in self.captures:
            told = {self.key(one): one for one in seen.merged_figures if self.whole(one) == whole}
            if seen.account_id == account_id and told:
                found.append((seen, told))
        return found

    def rows(self, *, is_flow: bool) -> list[Row]:
        rows = [
            Row(
                account_id=account_id,
                figure=one,
                file_id=origin.file_id,
                as_of=origin.as_of,
                is_provisional=self.is_provisional(account_id, one) if is_flow else None,
            )
            for account_id, whole in self.wholes()
            for one in self.walk(account_id, whole)[-1][1].values()
            for origin in [self.origin(account_id, one)]
        ]
        return sorted(
            rows,
            key=lambda row: (row.account_id, row.figure.scope, row.figure.day, row.figure.item),
        )

    def origin(self, account_id: str, one: Figure) -> DailyCapture:
        """The oldest capture that says the same; of one moment the one with the smaller hash."""
        saying = [
            seen
            for seen in self.captures
            if seen.account_id == account_id and one in seen.merged_figures
        ]
        return min(saying, key=lambda seen: (seen.day or 0, seen.file_id))

    def is_provisional(self, account_id: str, one: Figure) -> bool:
        """Until a capture that tells it ends two days later."""
        newest = max(
            other.day
            for seen, _ in self.walk(account_id, self.whole(one))
            for other in seen.figures
            if other.scope == one.scope
        )
        return newest - one.day < timedelta(days=2)

    def changes(self, *, is_flow: bool) -> list[Change]:
        found = []
        for account_id, whole in self.wholes():
            walk = self.walk(account_id, whole)
            for (before, old), (after, new) in pairwise(walk):
                for key in old.keys() | new.keys():
                    one = new.get(key) or old[key]
                    found += [
                        Change(
                            account_id=account_id,
                            scope=one.scope,
                            day=one.day,
                            item=None if is_flow else one.item,
                            measure=measure,
                            old=getattr(old.get(key), measure, None),
                            new=getattr(new.get(key), measure, None),
                            file_id=after.file_id,
                            is_conflict=before.day == after.day,
                        )
                        for measure in MEASURES
                        if getattr(old.get(key), measure, None)
                        != getattr(new.get(key), measure, None)
                    ]
        return found
