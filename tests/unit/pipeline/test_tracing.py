from __future__ import annotations

import pytest

from bedrot.errors import UnknownNameError
from bedrot.pipeline.tracing import defined_tables, trace_column, trace_table


@pytest.mark.parametrize("table", list(defined_tables()))
def test_every_column_of_every_table_ends_somewhere(table: str) -> None:
    for column in trace_table(table).columns:
        assert column.ends
        assert all(end.kind != "column" for end in column.ends)


def test_every_header_of_a_contract_feeds_its_column() -> None:
    contract = defined_tables()["stg_distrokid__earnings"]
    for column in contract.aliased_columns:
        headers = {h for end in trace_column(contract.table, column.name).ends for h in end.headers}
        assert set(column.header_aliases) <= headers


def test_a_constant_is_told_as_one() -> None:
    (end,) = trace_column("fct_royalty_line", "source").ends
    assert (end.kind, end.name) == ("definition", "SQL of fct_royalty_line")


def test_restatements_come_from_the_ledger_and_from_comparing_captures() -> None:
    table = "stg_distrokid__earnings_restatements"
    (old,) = trace_column(table, "old_amount").origins
    assert old.name == "stg_distrokid__earnings.net_usd"
    assert [end.kind for end in trace_column(table, "is_conflict").ends] == ["merge"]
    assert [end.kind for end in trace_column(table, "file_id").ends] == ["capture record"]


def test_a_row_number_is_the_place_in_the_file() -> None:
    ends = {(end.kind, end.name) for end in trace_column("fct_royalty_line", "_row").ends}
    assert ends == {
        ("record", "record of distrokid.earnings"),
        ("record", "record of toolost.sales"),
    }


def test_unknown_names_are_refused_with_the_known_ones() -> None:
    with pytest.raises(UnknownNameError, match="no table `nope`") as caught:
        trace_table("nope")
    assert "rpt_revenue_monthly" in str(caught.value.next_step)
