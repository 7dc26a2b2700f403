"""The merge against the rules written down once more, in plain Python."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from bedrot.merge.ledger import COARSE_SCALE
from bedrot.testing.merging import Capture, Merge, Sale, in_time, sale

NETS = ["1", "2", "0.12345679", "0.123456789012", "0.123456789013", "-1", "0"]

SALES = st.builds(
    sale,
    st.sampled_from(NETS),
    st.sampled_from(["a", "b"]),
    units=st.integers(0, 1),
    title=st.sampled_from(["Old", "New"]),
)
CAPTURES = st.builds(
    lambda day, sales, account_id: (day, tuple(sales), account_id),
    st.none() | st.integers(1, 4),
    st.lists(SALES, min_size=1, max_size=4),
    st.sampled_from(["ours", "theirs"]),
)


@settings(max_examples=60)
@given(told=st.lists(CAPTURES, min_size=1, max_size=6))
def test_the_merge_is_what_the_rules_say(
    merge: Merge, told: list[tuple[int | None, tuple[Sale, ...], str]]
) -> None:
    captures = [
        Capture(file_id=f"f{number}", day=day, sales=sales, account_id=account_id)
        for number, (day, sales, account_id) in enumerate(told)
    ]
    merged = merge(*captures)
    days = {seen.file_id: seen.day for seen in captures}
    assert [(account, one, days[file]) for account, one, file in merged.lines] == _expected(
        captures
    )
    assert sorted(change[:4] for change in merged.restated) == _expected_changes(captures)


def _keys(captures: Sequence[Capture]) -> set[tuple[str, str]]:
    return {(seen.account_id, one.song) for seen in captures for one in seen.sales}


def _said(captures: Sequence[Capture], account_id: str, song: str) -> list[Capture]:
    """What each capture says of one key, oldest first."""
    return [
        Capture(file_id=seen.file_id, day=seen.day, sales=sales, account_id=account_id)
        for seen in in_time(captures)
        if seen.account_id == account_id
        and (sales := tuple(sorted(one for one in seen.sales if one.song == song)))
    ]


def _multisets(
    captures: Sequence[Capture], account_id: str, song: str
) -> list[Counter[tuple[int, Decimal]]]:
    """Compared at the coarsest scale of the captures that hold the key."""
    whole = {seen.file_id: seen.scale for seen in captures}
    said = _said(captures, account_id, song)
    scale = min(whole[seen.file_id] for seen in said)
    return [
        Counter(
            (one.units, round(one.net, COARSE_SCALE) if scale == COARSE_SCALE else one.net)
            for one in seen.sales
        )
        for seen in said
    ]


def _expected(captures: Sequence[Capture]) -> list[tuple[str, Sale, int | None]]:
    """Account, line and the day on which it was first said."""
    whole = {seen.file_id: seen.scale for seen in captures}
    lines = []
    for account_id, song in sorted(_keys(captures)):
        said = _said(captures, account_id, song)
        multisets = _multisets(captures, account_id, song)
        stands = multisets[0]
        for multiset in multisets:
            if not multiset <= stands:
                stands = multiset
        holders = [seen for seen, held in zip(said, multisets, strict=True) if held == stands]
        finest = max(whole[seen.file_id] for seen in holders)
        newest = [seen for seen in holders if whole[seen.file_id] == finest][-1]
        first = next(seen for seen in holders if seen.sales == newest.sales)
        lines += [(account_id, one, first.day) for one in newest.sales]
    return lines


def _expected_changes(
    captures: Sequence[Capture],
) -> list[tuple[str, Decimal, Decimal, str]]:
    changes = []
    for account_id, song in _keys(captures):
        said = _said(captures, account_id, song)
        multisets = _multisets(captures, account_id, song)
        stands, stood = multisets[0], said[0]
        for seen, multiset in zip(said[1:], multisets[1:], strict=True):
            if multiset <= stands:
                continue
            if not stands <= multiset:
                changes.append((song, _net(stood), _net(seen), seen.file_id))
            stands, stood = multiset, seen
    return sorted(changes)


def _net(seen: Capture) -> Decimal:
    return sum((one.net for one in seen.sales), Decimal(0))
