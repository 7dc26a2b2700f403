"""The six cases in which a ledger must keep its total: small ledgers, and the real one.

Every case is imported in both orders, as the exports of two accounts that know nothing of each
other.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from bedrot.sources.distrokid.synthetic import CURRENT, LEGACY, EarningsLine
from bedrot.testing.lakes import lines_count, net, publish, rows_of
from bedrot.testing.ledgers import Export, export, line, net_of, read_legacy

if TYPE_CHECKING:
    from bedrot.zones.lake import Lake

JUNE, JULY, AUGUST = "20250601", "20250701", "20250801"
REAL_TOTAL = Decimal("1587.06001527")
REAL_LINES = 8635

LEDGER = [
    line("1.25000001", on="2025-01-20", song=1),
    line("0.50000000", on="2025-01-20", song=1, units=3),
    line("0.50000000", on="2025-01-20", song=1, units=3),
    line("-0.30000000", on="2025-01-21", song=1, units=2),
    line("2.00000003", on="2025-03-25", song=2, artist="Bob", store="Tidal"),
    line("-0.00000000", on="2025-03-25", song=2, artist="Bob", country="NA"),
    line("0.12345678", on="2025-05-27", song=2, artist="Bob", store="Deezer"),
    line("4.00000000", on="2025-05-28", song=1, country="XK"),
]


@dataclass(frozen=True)
class Case:
    """What is downloaded one after the other, and what must stand."""

    downloads: tuple[tuple[list[EarningsLine], bool], ...]
    """Lines, and whether they are in the current layout."""
    total: Decimal
    rows: int


def _case(lines: list[EarningsLine], *downloads: tuple[list[EarningsLine], bool]) -> Case:
    return Case(downloads=downloads, total=net_of(lines), rows=len(lines))


def _last_days(lines: list[EarningsLine], days: int) -> list[EarningsLine]:
    since = max(one.reporting_date for one in lines) - timedelta(days=days)
    return [one for one in lines if one.reporting_date >= since]


def _single(lines: list[EarningsLine]) -> set[date]:
    days = [one.reporting_date for one in lines]
    return {day for day in days if days.count(day) == 1}


def layout_change(lines: list[EarningsLine]) -> Case:
    return _case(lines, (lines, False), (lines, True))


def last_120_days(lines: list[EarningsLine]) -> Case:
    return _case(lines, (lines, False), (_last_days(lines, 120), True))


def overlapping_filters(lines: list[EarningsLine]) -> Case:
    artists = sorted({one.artist for one in lines})
    by_artist = [([one for one in lines if one.artist == artist], True) for artist in artists]
    one_store = ([one for one in lines if one.store == lines[-1].store], False)
    return _case(lines, one_store, *by_artist)


def one_restated_line(lines: list[EarningsLine]) -> Case:
    changed = replace(lines[4], earnings=lines[4].earnings + Decimal("0.00000777"))
    after = [changed if one is lines[4] else one for one in lines]
    return _case(after, (lines, False), (after, True))


def renamed_title(lines: list[EarningsLine]) -> Case:
    isrc = lines[4].isrc
    after = [replace(one, title="New Name") if one.isrc == isrc else one for one in lines]
    return _case(after, (lines, False), (after, True))


def restated_single_line_dates(lines: list[EarningsLine]) -> Case:
    days = _single(lines)
    after = [
        replace(one, earnings=one.earnings * 2) if one.reporting_date in days else one
        for one in lines
    ]
    return _case(after, (lines, False), (after, True))


MakeCase = Callable[[list[EarningsLine]], Case]
CASES: list[MakeCase] = [
    layout_change,
    last_120_days,
    overlapping_filters,
    one_restated_line,
    renamed_title,
    restated_single_line_dates,
]


def _exports(case: Case, account_id: str) -> list[Export]:
    stamps = (JUNE, JULY, AUGUST)
    return [
        export(lines, stamp, layout=CURRENT if is_current else LEGACY, account_id=account_id)
        for stamp, (lines, is_current) in zip(stamps, case.downloads, strict=False)
    ]


@pytest.mark.parametrize("make", CASES)
def test_a_small_ledger_keeps_its_total(lake: Lake, make: MakeCase) -> None:
    case = make(LEDGER)
    publish(lake, *_exports(case, "forwards"), *reversed(_exports(case, "backwards")))
    for account in ("forwards", "backwards"):
        where = f"account_id = '{account}'"
        assert lines_count(lake, where) == case.rows
        assert net(lake, where) == net(lake, where, "rpt_revenue_monthly") == case.total


@pytest.mark.soak
@pytest.mark.parametrize("make", CASES)
def test_the_real_ledger_keeps_its_total(lake: Lake, samples: Path, make: MakeCase) -> None:
    lines = read_legacy(next((samples / "distrokid" / "streams").glob("*.tsv")))
    assert (len(lines), net_of(lines)) == (REAL_LINES, REAL_TOTAL)
    case = make(lines)
    publish(lake, *reversed(_exports(case, "main")))
    assert lines_count(lake) == case.rows == REAL_LINES
    assert net(lake) == net(lake, table="rpt_revenue_monthly") == case.total


def test_amounts_of_the_finer_layout_stand_to_their_last_digit(lake: Lake) -> None:
    fine = [line("0.123456785111", song=1), line("0.000000004999", song=2)]
    coarse = [replace(one, earnings=round(one.earnings, 8)) for one in fine]
    publish(lake, export(coarse, JULY), export(fine, JUNE, layout=CURRENT))
    assert net(lake) == net_of(fine)
    assert lines_count(lake) == 2


def test_the_newest_title_stands_on_every_line(lake: Lake) -> None:
    case = renamed_title(LEDGER)
    publish(lake, *_exports(case, "main"))
    told = rows_of(
        lake, f"select distinct track_title from fct_royalty_line where isrc = '{LEDGER[4].isrc}'"
    )
    assert told == [{"track_title": "New Name"}]


def test_sums_over_any_cut_are_the_sum_of_the_file(lake: Lake) -> None:
    publish(lake, export(LEDGER, JUNE))
    columns = (
        "store",
        "sale_month",
        "artist_name",
        "country_code",
        "isrc",
        "line_type",
        "reporting_date",
    )
    for column in columns:
        cut = rows_of(
            lake, f"select {column}, sum(net_usd) as net from fct_royalty_line group by all"
        )
        assert sum(row["net"] for row in cut) == net_of(LEDGER)
