"""A condition finds every row that it is true of, whatever the type of its columns."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from bedrot.testing.lakes import lines_count, publish, rows_of, throwaway_lake
from bedrot.testing.ledgers import export, line

if TYPE_CHECKING:
    from bedrot.zones.lake import Lake

LEDGER = [
    line("1.50000000", on="2025-03-20"),
    line("2.50000000", on="2025-04-20", country="NA"),
    line("0.00000001", on="2025-04-21", song=2),
]


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lake]:
    with throwaway_lake(tmp_path_factory.mktemp("reading") / "lake") as lake:
        publish(lake, export(LEDGER, "20250601"))
        yield lake


@pytest.mark.parametrize(
    "where",
    [
        "account_id = 'main'",
        "store in ('Spotify', 'Tidal')",
        "net_usd > 0",
        "split_pct = 100",
        "is_known_store",
        "reporting_date >= date '2025-01-01'",
        "reporting_month > '2025-01'",
        "units = 10",
        "as_of >= timestamptz '2025-01-01 00:00:00+00'",
        "withheld_usd is not null",
        "recoup_usd is null",
    ],
)
def test_a_condition_on_any_column_finds_the_lines(published: Lake, where: str) -> None:
    assert lines_count(published, where) == len(LEDGER)


def test_a_report_can_be_asked_by_text_and_ratio(published: Lake) -> None:
    sql = (
        "select count(*) as n from rpt_revenue_monthly where store = 'Spotify' and usd_per_unit > 0"
    )
    assert rows_of(published, sql) == [{"n": len(LEDGER)}]
