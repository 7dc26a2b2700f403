"""Law 1: tables do not depend on the order, repetition or batching in which files arrived."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bedrot.sources.distrokid.synthetic import CURRENT, LEGACY, EarningsLine
from bedrot.testing.lakes import (
    bring_in,
    contents,
    lineage,
    net,
    publish,
    rebuild_lake,
    restatements,
    rows_of,
    run_lake,
    throwaway_lake,
    versions,
)
from bedrot.testing.ledgers import Export, export, line, net_of

pytestmark = pytest.mark.soak  # tests/laws/test_five_sources.py says it in short

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bedrot.zones.lake import Lake

A = line("1.00000000", on="2025-03-20")
B = line("2.00000000", on="2025-03-20")
APRIL, MAY = line("4.00000000", on="2025-04-20"), line("8.00000000", on="2025-05-20")


def _published(*batches: list[Export]) -> tuple[Mapping[str, str], list[tuple[str, int, str]]]:
    """What a fresh lake holds after these batches, with a run after each."""
    with TemporaryDirectory() as folder, throwaway_lake(Path(folder, "lake")) as lake:
        for batch in batches:
            publish(lake, *batch)
        return contents(lake), lineage(lake)


LINES = st.builds(
    line,
    st.sampled_from(["1.00000000", "2.50000000", "-0.50000000", "-0.00000000"]),
    on=st.sampled_from(["2025-03-20", "2025-03-21", "2025-04-20"]),
    song=st.integers(1, 2),
    title=st.sampled_from(["Old", "New"]),
    units=st.integers(0, 1),
)
EXPORTS = st.builds(
    export,
    st.lists(LINES, min_size=1, max_size=6),
    st.none() | st.sampled_from(["20250601", "20250602", "20250603"]),
    layout=st.sampled_from([LEGACY, CURRENT]),
    account_id=st.sampled_from(["ours", "theirs"]),
)


@pytest.mark.slow
@settings(max_examples=4)
@given(data=st.data(), exports=st.lists(EXPORTS, min_size=3, max_size=5))
def test_any_order_repetition_and_batching_gives_equal_tables(
    data: st.DataObject, exports: list[Export]
) -> None:
    repeated = [*exports, data.draw(st.sampled_from(exports), label="repeated")]
    shuffled = data.draw(st.permutations(repeated), label="order")
    size = data.draw(st.integers(1, 3), label="batch size")
    batches = [shuffled[at : at + size] for at in range(0, len(shuffled), size)]
    assert _published(*batches) == _published(exports)


@settings(max_examples=4)
@given(lines=st.lists(LINES, min_size=1, max_size=12))
def test_sums_over_any_cut_equal_the_sum_of_the_file(lines: list[EarningsLine]) -> None:
    with TemporaryDirectory() as folder, throwaway_lake(Path(folder, "lake")) as lake:
        publish(lake, export(lines, "20250601"))
        for column in (
            "store",
            "sale_month",
            "isrc",
            "country_code",
            "line_type",
            "reporting_date",
        ):
            sql = f"select sum(net_usd) as net from fct_royalty_line group by {column}"
            assert sum(row["net"] for row in rows_of(lake, sql)) == net_of(lines)
        assert net(lake, table="rpt_revenue_monthly") == net_of(lines)


@pytest.mark.parametrize("order", [(2, 1, 0), (1, 2, 0)])
def test_a_restated_value_is_told_alike_in_any_order(order: tuple[int, ...]) -> None:
    exports = [
        export([A, APRIL], "20250601"),
        export([B, APRIL], "20250701", layout=CURRENT),
        export([A, APRIL, MAY], "20250801"),
    ]
    assert _published(*([exports[place]] for place in order)) == _published(exports)


@pytest.mark.parametrize("first", [0, 1])
def test_of_two_restating_files_of_one_moment_the_same_one_is_named_in_any_order(
    first: int,
) -> None:
    before = [
        export([A, APRIL], "20250601"),
        export([B, APRIL], "20250701"),
        export([A, APRIL, MAY], "20250801"),
    ]
    twins = [
        export([B, APRIL, line("16.00000000", on="2025-06-20", song=n)], "20250901") for n in (2, 3)
    ]
    in_turn = _published(before, [twins[first]], [twins[1 - first]])
    assert in_turn == _published([*before, *twins])


def test_files_of_one_moment_that_disagree_are_a_conflict_and_the_smaller_hash_stands(
    lake: Lake,
) -> None:
    one, other = export([A, APRIL], "20250601"), export([B, APRIL], "20250601", layout=CURRENT)
    told = publish(lake, one, other)
    smaller = min(told, key=lambda outcome: outcome.sha256)
    assert net(lake, "reporting_month = '2025-03'") == (1 if smaller is told[0] else 2)
    assert [is_conflict for *_, is_conflict in restatements(lake)] == [True]


@pytest.mark.parametrize("country", ["US", "JP"])
def test_a_value_seen_again_at_a_moment_conflicts_with_another_of_that_moment(
    lake: Lake, country: str
) -> None:
    same, other = (line(net, country=country) for net in ("1.00000000", "2.00000000"))
    publish(
        lake,
        export([same], "20250601"),
        export([same], "20250701"),
        export([other], "20250701", layout=CURRENT),
    )
    assert any(is_conflict for *_, is_conflict in restatements(lake))


def test_a_value_that_comes_back_in_the_same_bytes_is_published(lake: Lake) -> None:
    first, again = export([A, APRIL], "20250601"), export([A, APRIL], "20250801")
    assert first.content == again.content
    told = publish(lake, first, export([B, APRIL], "20250701"), again)
    assert [outcome.outcome for outcome in told] == ["landed"] * 3
    assert net(lake) == 5
    assert restatements(lake) == [(1, 2, False), (2, 1, False)]


def test_a_cumulative_export_that_adds_a_month_leaves_the_origin_of_the_others(lake: Lake) -> None:
    publish(lake, export([A, APRIL], "20250601"))
    before = lineage(lake)
    publish(lake, export([A, APRIL, MAY], "20250701"))
    assert set(before) < set(lineage(lake))


def test_an_older_export_that_comes_later_becomes_the_origin(lake: Lake) -> None:
    publish(lake, export([A, APRIL, MAY], "20250701"))
    older = publish(lake, export([A, APRIL], "20250601"))[0].file_id
    assert [file_id for file_id, *_ in lineage(lake)].count(older) == 2


def test_a_second_run_and_a_rebuild_write_no_version(lake: Lake) -> None:
    publish(lake, export([A, APRIL], "20250601"), export([B, APRIL, MAY], "20250701"))
    before, stood = versions(lake), contents(lake)
    assert run_lake(lake).outcome == "unchanged"
    assert rebuild_lake(lake).outcome == "unchanged"
    assert (versions(lake), contents(lake)) == (before, stood)


def test_a_rebuild_after_files_came_one_by_one_writes_no_version(lake: Lake) -> None:
    for one in (
        export([B, APRIL, MAY], "20250701", layout=CURRENT),
        export([A, APRIL], "20250601"),
        export([A], "20250801"),
    ):
        publish(lake, one)
    before = versions(lake)
    rebuild_lake(lake)
    assert versions(lake) == before


def test_importing_what_is_known_and_running_writes_nothing(lake: Lake) -> None:
    files = [export([A, APRIL], "20250601"), export([B, MAY], "20250701")]
    publish(lake, *files)
    before = versions(lake)
    assert [told.outcome for told in bring_in(lake, *files)] == ["known", "known"]
    assert run_lake(lake).outcome == "unchanged"
    assert versions(lake) == before
