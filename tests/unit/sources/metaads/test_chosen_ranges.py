"""One range of days is told from a life, or said aloud."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from bedrot.sources.metaads.insight_tables import figures
from bedrot.sources.metaads.synthetic import Figures, dump, export_csv, insight_object

READ = figures("campaign", "lifetime")
TUESDAY = date(2025, 5, 27)


def _life(day: Figures, start: str, stop: date = TUESDAY, **fields: Any) -> bytes:
    return dump([insight_object(replace(day, start=date.fromisoformat(start), stop=stop)) | fields])


def test_the_range_of_a_single_row_is_said_aloud(day: Figures, tell: Any) -> None:
    told = tell(_life(day, "2025-05-07"))
    assert (told.nature, [note.code for note in told.notes]) == ("lifetime", ["same_span"])


@pytest.mark.parametrize("field", ["created_time", "start_time"])
@pytest.mark.parametrize("begun", ["2025-05-07", "2025-05-07T06:57:55-0700", "2025-05-08"])
def test_a_beginning_inside_the_range_shows_the_whole_life(
    field: str, begun: str, day: Figures, tell: Any
) -> None:
    told: dict[str, Any] = {field: begun}
    assert tell(_life(day, "2025-05-07", **told)).notes == ()


@pytest.mark.parametrize(
    "begun", ["2025-05-06", "2025-05-06T23:00:00-0700", "", "soon", "2025-13-01"]
)
def test_a_beginning_before_the_range_shows_no_life(begun: str, day: Figures, tell: Any) -> None:
    notes = tell(_life(day, "2025-05-07", created_time=begun)).notes
    assert "same_span" in {note.code for note in notes}


def test_an_export_tells_the_beginning_too(day: Figures, tell: Any) -> None:
    content = export_csv([replace(day, start=date(2025, 5, 7), stop=TUESDAY)])
    content = content.replace(b"Ends,", b"Starts,").replace(b"Ongoing", b"2025-05-07")
    assert "same_span" not in {note.code for note in tell(content).notes}


@pytest.mark.parametrize("start", ["2025-05-26", "2025-05-25"])
def test_today_and_yesterday_and_this_week_may_be_no_life(
    start: str, day: Figures, code: Any, tell: Any
) -> None:
    assert code(READ, _life(day, start)) == "unknown_nature"
    assert tell(_life(day, start), "unknown_nature").nature == "lifetime"


@pytest.mark.parametrize("start", ["2025-05-25", "2025-05-26"])
@pytest.mark.parametrize("stop", ["2025-05-28", "2025-05-29", "2025-05-30", "2025-05-31"])
def test_a_week_up_to_the_reading_may_be_no_life(
    start: str, stop: str, day: Figures, code: Any
) -> None:
    assert code(READ, _life(day, start, date.fromisoformat(stop))) == "unknown_nature"


@pytest.mark.parametrize(
    ("start", "stop"), [("2025-05-25", "2025-06-02"), ("2025-05-24", "2025-05-28")]
)
def test_a_longer_range_and_one_from_another_weekday_are_read(
    start: str, stop: str, day: Figures, tell: Any
) -> None:
    assert tell(_life(day, start, date.fromisoformat(stop))).nature == "lifetime"
