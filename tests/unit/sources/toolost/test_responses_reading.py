"""The rows of a response are what it tells, however it is written."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bedrot.errors import RejectedPayloadError
from bedrot.extract.parsed import ANYTHING
from bedrot.sources.toolost import (
    APPLE_COUNTRIES,
    APPLE_DAILY,
    APPLE_TRACKS,
    SHAZAM_DAILY,
    SOURCE,
    SPOTIFY_DAILY,
    SPOTIFY_DISCOVERY_MONTHLY,
)
from bedrot.sources.toolost.analytics import read_apple_days, read_spotify_days
from bedrot.sources.toolost.synthetic import (
    Month,
    Track,
    Writing,
    apple_response,
    spotify_response,
    written,
)

Typed = Callable[..., list[dict[str, Any]]]

FIRST = date(2025, 2, 7)
DAYS = {FIRST + timedelta(days=n): 100 + n for n in (0, 1, 2, 5, 6)}
TOLD_DAYS = st.dictionaries(
    st.dates(date(2015, 1, 1), date(2035, 12, 31)), st.integers(0, 10**12), min_size=1, max_size=40
)
FEES = st.decimals(Decimal(0), Decimal(10**9), places=8)
WRITINGS = st.builds(
    Writing,
    counts=st.sampled_from(["portal", "texts", "numbers"]),
    indent=st.sampled_from([None, 0, 2]),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"]),
    newline=st.sampled_from(["\n", "\r\n"]),
    seed=st.none() | st.integers(0, 99),
)


@given(days=TOLD_DAYS, writing=WRITINGS)
def test_spotify_rows_are_the_days_of_the_response(
    days: dict[date, int], writing: Writing, typed: Typed
) -> None:
    rows = typed(SPOTIFY_DAILY, spotify_response(days, writing=writing))
    assert {row["stream_date"]: row["streams"] for row in rows} == days
    assert {row["stream_month"] for row in rows} == {f"{day:%Y-%m}" for day in days}


@given(days=TOLD_DAYS, shazams=TOLD_DAYS, writing=WRITINGS)
def test_apple_rows_are_the_days_of_the_response(
    days: dict[date, int], shazams: dict[date, int], writing: Writing, typed: Typed
) -> None:
    content = apple_response(days, shazams=shazams, writing=writing)
    told = typed(APPLE_DAILY, content)
    assert {row["stream_date"]: row["streams"] for row in told} == days
    told = typed(SHAZAM_DAILY, content)
    assert {row["shazam_date"]: row["shazams"] for row in told} == shazams


@given(fees=st.lists(FEES, min_size=1, max_size=12), writing=WRITINGS)
def test_fees_come_out_to_the_last_decimal(
    fees: list[Decimal], writing: Writing, typed: Typed
) -> None:
    months = [
        Month(start=date(2025, n, 1), streams=n, fees=fee) for n, fee in enumerate(fees, start=1)
    ]
    rows = typed(SPOTIFY_DISCOVERY_MONTHLY, spotify_response(DAYS, months, writing))
    assert {row["month_start_date"].month: row["fees_usd"] for row in rows} == dict(
        enumerate(fees, start=1)
    )


@given(seed=st.integers(0, 10**6))
def test_the_order_of_lists_and_names_does_not_matter(seed: int, typed: Typed) -> None:
    def rows(content: bytes) -> list[str]:
        return sorted(
            str({name: value for name, value in row.items() if name != "_row"})
            for stream in SOURCE.reading("apple_daily")
            for row in typed(stream, content)
        )

    shuffled = apple_response(DAYS, shazams=DAYS, writing=Writing(seed=seed))
    assert rows(shuffled) == rows(apple_response(DAYS, shazams=DAYS))


@given(data=st.data())
def test_a_cut_response_is_set_aside(data: st.DataObject, payload: Path) -> None:
    content = data.draw(st.sampled_from([spotify_response(DAYS), apple_response(DAYS)]))
    payload.write_bytes(content[: data.draw(st.integers(0, len(content) - 1))])
    parse = read_spotify_days if b"discovery" in content else read_apple_days
    with pytest.raises(RejectedPayloadError) as caught:
        parse(payload, ANYTHING)
    assert caught.value.code in {"half_loaded", "unreadable_record"}


def test_a_gap_stays_a_gap_and_a_zero_a_zero(typed: Typed) -> None:
    rows = typed(SPOTIFY_DAILY, spotify_response(DAYS | {FIRST: 0}))
    assert [row["stream_date"].day for row in rows] == [7, 8, 9, 12, 13]
    assert rows[0]["streams"] == 0


def test_a_window_goes_from_the_first_day_to_the_last(typed: Typed) -> None:
    tracks = [
        Track(isrc="zz-bdr-25-00001", title=" Said the Sea ", release="Tin", streams=400),
        Track(isrc="ZZBDR2500001", title="Said the Sea", release="Hail", streams=114),
    ]
    content = apple_response(DAYS, tracks=tracks, countries={"us": 508, "NA": 6})
    window = {"window_start": FIRST, "window_end": date(2025, 2, 13), "window_month": "2025-02"}
    assert typed(APPLE_TRACKS, content)[0] == window | {
        "_row": 1,
        "recording_key": "ZZBDR2500001",
        "release_key": "Tin",
        "isrc": "ZZBDR2500001",
        "isrc_reported": "zz-bdr-25-00001",
        "track_title": "Said the Sea",
        "release_title": "Tin",
        "cover_url": "https://covers.example/0001.jpg",
        "streams": 400,
    }
    countries = typed(APPLE_COUNTRIES, content)
    assert countries[0] == window | {"_row": 1, "country_code": "US", "streams": 508}
    assert countries[1]["country_code"] == "NA"


def test_a_recording_without_a_code_is_named_by_its_title(typed: Typed) -> None:
    tracks = [
        Track(isrc=None, title="Hail", release="Tin", streams=500),
        Track(isrc="", title="Said the Sea", release="", streams=14),
    ]
    rows = typed(APPLE_TRACKS, apple_response(DAYS, tracks=tracks))
    assert [row["recording_key"] for row in rows] == ["|Hail", "|Said the Sea"]
    assert [row["isrc"] for row in rows] == [None, None]
    assert rows[1]["release_key"] == ""


def test_records_are_told_as_they_stand(payload: Path) -> None:
    payload.write_bytes(spotify_response(DAYS))
    parsed = read_spotify_days(payload, frozenset())
    assert parsed.records[0] == '{ "date": "2025-02-07", "streams": "100" }'
    assert parsed.places[0] == "streams[0]"
    assert parsed.head == "TooLost analytics, Spotify, 5 days 2025-02-07 to 2025-02-13"


def test_records_of_objects_with_others_inside_are_told_as_they_were_read(payload: Path) -> None:
    streams = [{"date": "2025-02-07", "streams": "1", "by": {"US": 1}}]
    payload.write_bytes(written({"streams": streams, "discovery": []}))
    parsed = read_spotify_days(payload, frozenset())
    assert parsed.records[0] == '{"date": "2025-02-07", "streams": "1", "by": {"US": "1"}}'


def test_the_real_spotify_responses_come_out_whole(samples: Path, typed: Typed) -> None:
    for path in (samples / "toolost").glob("toolost_spotify_*.json"):
        told = json.loads(path.read_text(encoding="utf-8"))
        rows = typed(SPOTIFY_DAILY, path.read_bytes())
        assert {str(row["stream_date"]): str(row["streams"]) for row in rows} == {
            day["date"]: day["streams"] for day in told["streams"]
        }
        months = typed(SPOTIFY_DISCOVERY_MONTHLY, path.read_bytes())
        fees = [Decimal(month["fees"]) for month in told["discovery"]]
        assert [row["fees_usd"] for row in months] == fees
        assert read_spotify_days(path, frozenset()).notes == ()


def test_the_real_apple_responses_agree_with_themselves(samples: Path, typed: Typed) -> None:
    for path in (samples / "toolost").glob("toolost_apple_*.json"):
        content = path.read_bytes()
        told = json.loads(content)
        assert read_apple_days(path, frozenset()).notes == (), path.name
        for stream in (APPLE_DAILY, APPLE_TRACKS, APPLE_COUNTRIES):
            assert sum(row["streams"] for row in typed(stream, content)) == told["streamTotal"]
        shazams = sum(int(day["streams"]) for day in told["totalShazam"])
        assert sum(row["shazams"] for row in typed(SHAZAM_DAILY, content)) == shazams
