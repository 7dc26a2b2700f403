"""The figures of an Apple Music response agree with each other, or it is set aside."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bedrot.errors import RejectedPayloadError
from bedrot.extract.streams import Stream
from bedrot.sources.toolost import APPLE_COUNTRIES, APPLE_DAILY, APPLE_TRACKS, SHAZAM_DAILY
from bedrot.sources.toolost.analytics import read_apple_days
from bedrot.sources.toolost.synthetic import Track, apple_response

Refused = Callable[[Stream, bytes], RejectedPayloadError]
Typed = Callable[..., list[dict[str, Any]]]

DAYS = {date(2025, 2, 7) + timedelta(days=n): 100 + n for n in range(5)}
TOTAL = sum(DAYS.values())
TRACK = Track(isrc="ZZBDR2500001", title="Said the Sea", release="Tin", streams=TOTAL)


def _tracks(*streams: int | None) -> list[Track]:
    return [
        Track(isrc=f"ZZBDR250000{n}", title="A", release="Tin", streams=value)
        for n, value in enumerate(streams)
    ]


@pytest.mark.parametrize("stream", [APPLE_DAILY, SHAZAM_DAILY, APPLE_TRACKS, APPLE_COUNTRIES])
@pytest.mark.parametrize(
    "wrong",
    [
        {"tracks": _tracks(TOTAL - 1)},
        {"tracks": []},
        {"countries": {"US": TOTAL, "NA": 1}},
        {"countries": {}},
        {"streamTotal": TOTAL + 1},
        {"streamTotal": 0},
        {"totalStreams": []},
        {"streamTotal": None, "countries": {"US": 1}},
    ],
)
def test_a_total_that_disagrees_sets_the_response_aside(
    stream: Stream, wrong: dict[str, Any], refused: Refused
) -> None:
    error = refused(stream, apple_response(DAYS, **wrong))
    assert error.code == "totals_disagree"
    assert str(TOTAL) in error.seen


@given(data=st.data(), places=st.lists(st.integers(0, 4), min_size=1, unique=True))
def test_a_changed_day_is_always_noticed(
    data: st.DataObject, places: list[int], payload: Path
) -> None:
    changed = dict(DAYS)
    for place in places:
        changed[date(2025, 2, 7) + timedelta(days=place)] = data.draw(st.integers(0, 10**6))
    content = apple_response(changed, tracks=[TRACK], countries={"US": TOTAL}, streamTotal=TOTAL)
    payload.write_bytes(content)
    if sum(changed.values()) == TOTAL:
        assert len(read_apple_days(payload, frozenset()).records) == len(DAYS)
        return
    with pytest.raises(RejectedPayloadError, match="disagree"):
        read_apple_days(payload, frozenset())


def test_what_a_person_accepted_counts_and_is_said(typed: Typed, payload: Path) -> None:
    content = apple_response(DAYS, countries={"US": 3})
    assert len(typed(APPLE_DAILY, content, "totals_disagree")) == 5
    assert typed(APPLE_COUNTRIES, content, "totals_disagree")[0]["streams"] == 3
    payload.write_bytes(content)
    notes = read_apple_days(payload, frozenset({"totals_disagree"})).notes
    assert "totals_disagree" in {note.code for note in notes}


def test_a_null_makes_a_sum_the_least_that_it_can_be(typed: Typed, refused: Refused) -> None:
    short = apple_response(DAYS, tracks=_tracks(TOTAL - 40, None))
    assert [row["streams"] for row in typed(APPLE_TRACKS, short)] == [TOTAL - 40, None]
    beyond = apple_response(DAYS, tracks=_tracks(TOTAL + 1, None))
    assert refused(APPLE_TRACKS, beyond).code == "totals_disagree"


def test_a_null_day_with_the_total_of_all_days_counts(typed: Typed) -> None:
    days = DAYS | {date(2025, 2, 8): None}
    content = apple_response(days, tracks=[TRACK], countries={"US": TOTAL}, streamTotal=TOTAL)
    assert [row["streams"] for row in typed(APPLE_DAILY, content)] == [100, None, 102, 103, 104]


def test_without_the_total_the_days_are_the_total(typed: Typed) -> None:
    assert len(typed(APPLE_DAILY, apple_response(DAYS, streamTotal=None))) == 5


def test_lists_without_a_day_have_no_window(typed: Typed, payload: Path) -> None:
    content = apple_response(DAYS, totalStreams=[])
    assert typed(APPLE_TRACKS, content, "totals_disagree") == []
    payload.write_bytes(content)
    notes = read_apple_days(payload, frozenset({"totals_disagree"})).notes
    assert "no_days" in {note.code for note in notes}
