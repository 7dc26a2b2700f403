"""What captures of the portal come to together: a year's turn, nulls, filters, pages."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from bedrot.pipeline.bringing import Imported
from bedrot.sources.toolost.synthetic import (
    Days,
    Month,
    SalesLine,
    apple_response,
    portal_page,
    spotify_response,
    write_sales,
)
from bedrot.testing.lakes import (
    bring_in,
    contents,
    publish,
    rebuild_lake,
    rows_of,
    throwaway_lake,
)
from bedrot.testing.ledgers import Export
from bedrot.zones.lake import Lake

SETTLED = {date(2025, 12, 1) + timedelta(days=n): 100 + n for n in range(31)}
LINE = SalesLine(
    transaction_id="a1",
    sale_date=date(2025, 3, 31),
    accounting_date=date(2025, 4, 20),
    reporting_date=date(2025, 5, 10),
    units=10,
    gross=Decimal("0.0400"),
    more={"payable_usd": "0.0200"},
)


@pytest.fixture
def lake(tmp_path: Path) -> Iterator[Lake]:
    with throwaway_lake(tmp_path / "lake") as opened:
        yield opened


def _export(name: str, content: bytes) -> Export:
    return Export(name=name, content=content, account_id=None)


def _spotify(stamp: str, days: Days, *months: Month) -> Export:
    return _export(f"toolost_spotify_{stamp}_120000.json", spotify_response(days, months))


def _report(stamp: str, *lines: SalesLine) -> Export:
    return _export(f"05-2025-1_{stamp}_080000.csv", write_sales(lines))


def _streams(lake: Lake) -> dict[date, int | None]:
    rows = rows_of(lake, "select stream_date, streams from stg_toolost__spotify_daily")
    return {row["stream_date"]: row["streams"] for row in rows}


def _outcomes(found: list[Imported]) -> list[str]:
    return [item.outcome for item in found]


def test_a_years_turn_loses_no_history(lake: Lake) -> None:
    january = {date(2026, 1, 1) + timedelta(days=n): 7 for n in range(3)}
    publish(lake, _spotify("20260102", SETTLED), _spotify("20260106", january))
    assert _streams(lake) == SETTLED | january


def test_an_older_response_brought_later_changes_nothing(lake: Lake) -> None:
    newer = SETTLED | {date(2025, 12, 20): 999}
    publish(lake, _spotify("20260105", newer), _spotify("20260102", SETTLED))
    assert _streams(lake) == newer


def test_months_of_discovery_are_never_taken_from_a_net(lake: Lake) -> None:
    month = Month(start=date(2025, 11, 1), streams=40, fees=Decimal("2.50000001"))
    publish(lake, _spotify("20260102", SETTLED, month), _spotify("20260105", SETTLED))
    told = rows_of(lake, "select streams, fees_usd from stg_toolost__spotify_discovery_monthly")
    assert told == [{"streams": 40, "fees_usd": Decimal("2.50000001")}]
    assert rows_of(lake, "select * from fct_royalty_line") == []


def test_a_response_filtered_by_release_is_set_aside_by_settled_days(lake: Lake) -> None:
    filtered = {day: streams - 60 for day, streams in SETTLED.items()}
    publish(lake, _spotify("20260102", SETTLED), _spotify("20260105", filtered))
    assert _streams(lake) == SETTLED


def test_what_is_set_aside_counts_in_none_of_its_tables(lake: Lake) -> None:
    filtered = {day: streams - 60 for day, streams in SETTLED.items()}
    publish(
        lake,
        _export("toolost_apple_20260102_120000.json", apple_response(SETTLED)),
        _export("toolost_apple_20260105_120000.json", apple_response(filtered)),
    )
    for table in ("apple_daily", "apple_tracks", "apple_countries"):
        told = rows_of(lake, f"select sum(streams) as n from stg_toolost__{table}")
        assert told[0]["n"] == sum(SETTLED.values()), table


def test_a_bad_file_stops_no_other(lake: Lake) -> None:
    found = bring_in(
        lake,
        _export("cut.json", spotify_response(SETTLED)[:400]),
        _export("page.json", portal_page()),
        _export("empty.json", spotify_response({})),
        _export("array.json", b"[]"),
        _export("null.json", apple_response(SETTLED, shazams={date(2025, 12, 3): None})),
    )
    assert _outcomes(found) == ["set_aside", "set_aside", "set_aside", "refused", "landed"]
    assert all(item.next_step for item in found[:3])
    assert "null" in found[4].warnings[0] + found[4].warnings[1]


def test_a_report_told_again_counts_once_and_a_new_split_is_added(lake: Lake) -> None:
    line, other = replace(LINE, split_id="S1"), replace(LINE, split_id="S2")
    publish(lake, _report("20250601", line), _report("20250602", other, line))
    told = rows_of(lake, "select count(*) as n, sum(net_usd) as net from stg_toolost__sales")
    assert told == [{"n": 2, "net": Decimal("0.0400")}]


MOVED = [
    _report("20250601", LINE, replace(LINE, transaction_id="a2")),
    _report(
        "20250701",
        replace(LINE, reporting_date=date(2025, 6, 10), more={"payable_usd": "0.0300"}),
        replace(LINE, transaction_id="b1", reporting_date=date(2025, 6, 10)),
    ),
]


@pytest.mark.parametrize("reports", [MOVED, MOVED[::-1]], ids=["older first", "newer first"])
def test_a_transaction_that_moves_into_another_month_is_paid_once(
    lake: Lake, reports: Sequence[Export]
) -> None:
    for report in reports:
        publish(lake, report)
    for table in ("stg_toolost__sales", "fct_royalty_line"):
        told = rows_of(
            lake,
            f"select transaction_id, reporting_month, net_usd from {table} order by transaction_id",
        )
        assert [tuple(row.values()) for row in told] == [
            ("a1", "2025-06", Decimal("0.0300")),
            ("a2", "2025-05", Decimal("0.0200")),
            ("b1", "2025-06", Decimal("0.0200")),
        ]
    told = rows_of(
        lake,
        "select transaction_id, measure, old_value, new_value from stg_toolost__sales_restatements "
        "where measure = 'net_usd'",
    )
    assert [tuple(row.values()) for row in told] == [
        ("a1", "net_usd", Decimal("0.0200"), Decimal("0.0300"))
    ]


def test_a_moved_transaction_leaves_its_old_month_as_a_rebuild_does(lake: Lake) -> None:
    publish(lake, _report("20250601", LINE))
    publish(lake, _report("20250701", replace(LINE, reporting_date=date(2025, 6, 10))))
    told = contents(lake)
    rebuild_lake(lake)
    assert contents(lake) == told
    months = rows_of(lake, "select reporting_month from fct_royalty_line")
    assert months == [{"reporting_month": "2025-06"}]
