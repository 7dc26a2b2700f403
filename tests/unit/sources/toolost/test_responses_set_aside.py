"""What is a response of the portal and yet cannot count, and what counts with a word said."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import suppress
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bedrot.errors import RejectedPayloadError
from bedrot.extract.streams import Stream
from bedrot.sources.toolost import (
    APPLE_COUNTRIES,
    APPLE_DAILY,
    APPLE_TRACKS,
    SPOTIFY_DAILY,
    SPOTIFY_DISCOVERY_MONTHLY,
)
from bedrot.sources.toolost import responses as module
from bedrot.sources.toolost.analytics import read_apple_days, read_spotify_days
from bedrot.sources.toolost.synthetic import (
    Month,
    Track,
    apple_response,
    spotify_response,
    written,
)

Refused = Callable[[Stream, bytes], RejectedPayloadError]
Typed = Callable[..., list[dict[str, Any]]]

DAYS = {date(2025, 2, 7) + timedelta(days=n): 100 + n for n in range(5)}
MONTH = Month(start=date(2025, 2, 1), streams=9, fees=None)
SPOTIFY = spotify_response(DAYS)
APPLE = apple_response(DAYS)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=8,
)


def _notes(payload: Path, content: bytes, *waived: str) -> dict[str, str]:
    payload.write_bytes(content)
    parse = read_apple_days if b"totalStreams" in content else read_spotify_days
    return {note.code: note.text for note in parse(payload, frozenset(waived)).notes}


def test_a_null_stays_null_and_is_said(typed: Typed, payload: Path) -> None:
    content = spotify_response(DAYS | {date(2025, 2, 8): None}, [MONTH])
    assert [row["streams"] for row in typed(SPOTIFY_DAILY, content)] == [100, None, 102, 103, 104]
    assert typed(SPOTIFY_DISCOVERY_MONTHLY, content)[0]["fees_usd"] is None
    assert "null" in _notes(payload, content)["null_value"]


@pytest.mark.parametrize("stream", [SPOTIFY_DAILY, SPOTIFY_DISCOVERY_MONTHLY])
def test_empty_arrays_set_the_response_aside(stream: Stream, refused: Refused) -> None:
    assert refused(stream, spotify_response({})).code == "empty"
    assert refused(stream, written({"streams": None, "discovery": []})).code == "empty"


def test_an_empty_apple_response_is_set_aside(refused: Refused) -> None:
    empty = apple_response({}, tracks=[], countries={})
    assert refused(APPLE_DAILY, empty).code == "empty"


def test_discovery_alone_is_something(typed: Typed, payload: Path) -> None:
    content = spotify_response({}, [MONTH])
    assert typed(SPOTIFY_DAILY, content) == []
    assert len(typed(SPOTIFY_DISCOVERY_MONTHLY, content)) == 1
    assert "no_days" in _notes(payload, content)


@pytest.mark.parametrize(
    "value", ["-1", "1.5", "1e3", "true", '"1,095"', '"10 "', '""', '"ten"', "[1]", "{}", "1" * 19]
)
def test_a_figure_that_is_no_whole_number_sets_the_response_aside(
    value: str, refused: Refused
) -> None:
    content = SPOTIFY.replace(b'"streams": "102"', f'"streams": {value}'.encode())
    assert refused(SPOTIFY_DAILY, content).code == "unreadable_value"


@pytest.mark.parametrize(
    "day", ['"2025-02-30"', '"20250209"', '"2025-W06-7"', '"09.02.2025"', '""', "null", "45697"]
)
def test_a_day_that_is_none_sets_the_response_aside(day: str, refused: Refused) -> None:
    content = APPLE.replace(b'"2025-02-09"', day.encode())
    assert refused(APPLE_DAILY, content).code == "unreadable_value"


@pytest.mark.parametrize("fees", ['"2,93"', "1e-5", '"0.1234567890123"', '"$2"', "true"])
def test_fees_that_are_no_exact_amount_set_the_response_aside(fees: str, refused: Refused) -> None:
    content = spotify_response(DAYS, [MONTH]).replace(b'"fees": null', f'"fees": {fees}'.encode())
    assert refused(SPOTIFY_DISCOVERY_MONTHLY, content).code == "unreadable_value"


def test_a_fee_is_of_a_whole_month(refused: Refused) -> None:
    months = [Month(start=date(2025, 2, 15), streams=9, fees=None)]
    assert refused(SPOTIFY_DAILY, spotify_response(DAYS, months)).code == "unreadable_value"


def test_a_day_told_twice_sets_the_response_aside(refused: Refused) -> None:
    content = SPOTIFY.replace(b"2025-02-08", b"2025-02-07")
    error = refused(SPOTIFY_DAILY, content)
    assert error.code == "unreadable_value"
    assert "streams[0]" in str(error)


def test_a_country_or_recording_told_twice_sets_the_response_aside(refused: Refused) -> None:
    countries = {"US": 500, "us ": 10}
    assert refused(APPLE_COUNTRIES, apple_response(DAYS, countries=countries)).code
    tracks = [
        Track(isrc=isrc, title=isrc, release="Tin", streams=255)
        for isrc in ("ZZBDR2500001", "zz-bdr-25-00001")
    ]
    error = refused(APPLE_TRACKS, apple_response(DAYS, tracks=tracks))
    assert error.code == "unreadable_value"


def test_a_name_that_stands_twice_in_an_object_sets_the_response_aside(refused: Refused) -> None:
    content = SPOTIFY.replace(b'"streams": "102"', b'"streams": "1", "streams": "102"')
    assert refused(SPOTIFY_DAILY, content).code == "unreadable_value"


@pytest.mark.parametrize("member", ["date", "streams"])
def test_an_object_without_a_needed_member_sets_the_response_aside(
    member: str, refused: Refused
) -> None:
    rows = [{"date": "2025-02-07", "streams": "1", "x": 1}]
    del rows[0][member]
    content = written({"streams": rows, "discovery": []})
    assert refused(SPOTIFY_DAILY, content).code == "unreadable_value"


def test_a_response_without_its_days_sets_itself_aside(refused: Refused) -> None:
    content = APPLE.replace(b"totalStreams", b"totalPlays")
    assert refused(APPLE_DAILY, content).code == "missing_column"


@pytest.mark.parametrize("name", ["totalShazam", "tracksTotal", "countryTotal", "streamTotal"])
def test_another_name_for_a_list_is_said(name: str, payload: Path) -> None:
    notes = _notes(payload, APPLE.replace(name.encode(), b"other"))
    assert f"`{name}`" in notes["missing_list"]
    assert "`other`" in notes["unknown_columns"]


def test_an_unknown_name_is_kept_out_and_said(payload: Path) -> None:
    notes = _notes(payload, APPLE.replace(b'"cover"', b'"art"'))
    assert "`tracksTotal[].art`" in notes["unknown_columns"]


def test_tracks_of_one_release_may_be_a_filter_and_are_said(payload: Path) -> None:
    assert "`Tin`" in _notes(payload, APPLE)["one_release"]
    several = [
        Track(isrc=None, title="A", release="Tin", streams=510),
        Track(isrc=None, title="B", release="Hail", streams=0),
    ]
    assert "one_release" not in _notes(payload, apple_response(DAYS, tracks=several))


def test_a_broken_response_says_where(refused: Refused) -> None:
    error = refused(SPOTIFY_DAILY, SPOTIFY.replace(b'"discovery"', b"discovery"))
    assert error.code == "unreadable_record"
    assert "line" in str(error)


def test_a_response_nested_without_end_is_set_aside(refused: Refused) -> None:
    deep = b'{"streams": ' + b"[" * 200_000 + b"]" * 200_000 + b', "discovery": []}'
    assert refused(SPOTIFY_DAILY, deep).code in {"unreadable_record", "unreadable_value"}


def test_a_number_without_end_is_set_aside(refused: Refused) -> None:
    content = SPOTIFY.replace(b'"102"', b"1" * 100_000)
    assert refused(SPOTIFY_DAILY, content).code == "unreadable_value"


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity"])
def test_what_json_has_no_number_for_is_set_aside(number: str, refused: Refused) -> None:
    content = SPOTIFY.replace(b'"102"', number.encode())
    assert refused(SPOTIFY_DAILY, content).code == "unreadable_value"


def test_half_a_character_is_set_aside(refused: Refused) -> None:
    content = APPLE.replace(b"Said the Sea", rb"Said \ud83d")
    assert refused(APPLE_TRACKS, content).code == "unreadable_value"


def test_a_response_that_is_too_large_is_not_read(
    refused: Refused, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_LARGEST", 100)
    assert refused(SPOTIFY_DAILY, SPOTIFY).code == "too_large"


@given(data=st.data(), value=JSON)
def test_any_value_in_any_place_is_read_or_set_aside(
    data: st.DataObject, value: Any, typed: Typed
) -> None:
    stream, content = data.draw(
        st.sampled_from([(SPOTIFY_DAILY, SPOTIFY), (APPLE_TRACKS, APPLE), (APPLE_COUNTRIES, APPLE)])
    )
    document = json.loads(content)
    name = data.draw(st.sampled_from([name for name in document if document[name]]))
    row = document[name]
    if isinstance(row, list) and data.draw(st.booleans()):
        row[0][data.draw(st.sampled_from(sorted(row[0])))] = value
    else:
        document[name] = value
    with suppress(RejectedPayloadError):
        typed(stream, written(document))
