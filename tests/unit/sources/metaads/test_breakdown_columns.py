"""Columns of an export that nobody reads still tell its rows apart."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bedrot.sources.metaads.insight_tables import figures
from bedrot.sources.metaads.synthetic import Figures, export_csv

READ = figures("campaign", "daily")
BREAKDOWNS = [
    "DMA region",
    "Time of day (ad account time zone)",
    "Time of day (viewer's time zone)",
    "Time of day (viewer\u2019s time zone)",
    "Product ID",
    "Audience segments",
    "Business locations",
]


def _split(days: list[Figures], header: str, *values: str, has_totals: bool = True) -> bytes:
    """An export with one more column: one value for each record."""
    content = export_csv(days, by_day=True, has_totals=has_totals, encoding="utf-8")
    lines = content.decode().splitlines()
    cells = [header, *([""] if has_totals else []), *values]
    told = [f'{line},"{cell}"' for line, cell in zip(lines, cells, strict=True)]
    return ("\n".join(told) + "\n").encode()


@pytest.mark.parametrize("header", BREAKDOWNS)
def test_a_column_of_a_breakdown_is_known(header: str, day: Figures, code: Any) -> None:
    assert code(READ, _split([day], header, "New York")) == "breakdown"


@pytest.mark.parametrize("has_totals", [True, False])
def test_equal_parts_of_an_unknown_breakdown_do_not_stand_twice(
    has_totals: bool, day: Figures, code: Any
) -> None:
    content = _split([day, day], "Weather", "rain", "sun", has_totals=has_totals)
    assert code(READ, content) == "contradictory"


def test_records_that_are_equal_in_every_column_count_once(day: Figures, tell: Any) -> None:
    told = tell(_split([day, day], "Weather", "rain", "rain", has_totals=False))
    assert len(told.rows) == 1
    assert {note.code for note in told.notes} == {"fields_kept_out", "repeated_rows"}


def test_the_totals_are_those_of_the_rows_that_count(day: Figures, code: Any, tell: Any) -> None:
    later = replace(day, start=day.start + timedelta(1), stop=day.stop + timedelta(1))
    lines = export_csv([day, later], by_day=True).splitlines(keepends=True)
    assert len(tell(b"".join([*lines, lines[-1]])).rows) == 2
    # Its total is of both, so equal records were parts, whatever split them.
    assert code(READ, export_csv([day, day], by_day=True)) == "totals_disagree"


@pytest.mark.parametrize("header", ["actions", "age_range", "date_start", "Ends"])
def test_an_unknown_column_is_never_taken_for_a_field_of_the_api(
    header: str, day: Figures, tell: Any
) -> None:
    told = tell(_split([day], header, "x"))
    assert told.rows[0].day("date_start") == day.start
    assert told.rows[0].items("actions") == []
    assert [header in note.text for note in told.notes if note.code == "fields_kept_out"] == [True]


def test_what_stands_in_an_unknown_column_is_shown_with_its_record(
    day: Figures, payload: Any
) -> None:
    payload.write_bytes(_split([day], "Weather", "rain"))
    assert "Weather" in READ(payload, frozenset()).records[0]
