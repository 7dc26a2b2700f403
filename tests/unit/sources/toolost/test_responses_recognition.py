"""A response is known by its content: whole, cut, broken, or under any name."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bedrot.sources.toolost import SOURCE
from bedrot.sources.toolost.synthetic import (
    Writing,
    apple_response,
    portal_page,
    spotify_response,
)

DAYS = {date(2025, 2, 7) + timedelta(days=n): 100 + n for n in range(90)}
SPOTIFY = spotify_response(DAYS)
APPLE = apple_response(DAYS, shazams=DAYS)


def _known_as(payload: Path, content: bytes) -> set[str]:
    payload.write_bytes(content)
    found = [stream for stream in SOURCE.streams if stream.recognise(payload, stream)]
    return {stream.captured_as for stream in found}


def test_a_response_is_known_by_its_names(payload: Path) -> None:
    assert _known_as(payload, SPOTIFY) == {"spotify_daily"}
    assert _known_as(payload, APPLE) == {"apple_daily"}


@given(seed=st.integers(0, 99), cut=st.floats(0.05, 1))
def test_a_cut_response_is_still_known(seed: int, cut: float, payload: Path) -> None:
    for content, name in (
        (spotify_response(DAYS, writing=Writing(seed=seed)), "spotify_daily"),
        (apple_response(DAYS, shazams=DAYS, writing=Writing(seed=seed)), "apple_daily"),
    ):
        assert _known_as(payload, content[: max(60, int(len(content) * cut))]) == {name}


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b'{"streams": []}', "spotify_daily"),
        (b'{"discovery": [], "streams": []}', "spotify_daily"),
        (b'{"streams": null, "discovery": null}', "spotify_daily"),
        (b'{"streams": [{"date": "2025-02-07", "streams": null}]}', "spotify_daily"),
        (b'{"streams": [{"da', "spotify_daily"),
        (b'{"totalStreams": [', "apple_daily"),
        (b'{"streamTotal": 0, "totalStreams": []}', "apple_daily"),
        (b'{"countryTotal": [{"country": "US"', "apple_daily"),
    ],
)
def test_a_broken_or_empty_response_is_ours(content: bytes, name: str, payload: Path) -> None:
    assert _known_as(payload, content) == {name}


@pytest.mark.parametrize(
    "content",
    [
        b"[]",
        b"{}",
        b'{"data": []}',
        b'{"data": {"streams": [], "discovery": []}}',
        b'{"programs": [], "streams": []}',
        b'{"streams": [{"index": 0, "codec_name": "aac"}]}',
        b'{"name": "streams", "discovery": 1}',
        b'[{"streams": [], "discovery": []}]',
        b"date,streams\n2025-02-07,1\n",
        portal_page(),
    ],
)
def test_what_is_somebody_elses_is_not_claimed(content: bytes, payload: Path) -> None:
    assert _known_as(payload, content) == set()


def test_the_portals_page_is_a_stray(payload: Path) -> None:
    assert SOURCE.stray(portal_page()) is not None
    assert SOURCE.stray(b"\xef\xbb\xbf\n" + portal_page().upper()) is not None
    assert SOURCE.stray(SPOTIFY) is None


@pytest.mark.parametrize(
    "page",
    [
        b"<!doctype html><html><body>Sign in</body></html>",
        b"<!doctype html><html><body>About TooLost, a distributor</body></html>",
        b"toolost.com/login",
    ],
)
def test_another_page_is_no_stray_of_ours(page: bytes) -> None:
    assert SOURCE.stray(page) is None


def test_the_real_responses_are_known(samples: Path) -> None:
    for path in (samples / "toolost").glob("*.json"):
        found = {s.captured_as for s in SOURCE.streams if s.recognise(path, s)}
        assert found == {f"{path.name.split('_')[1]}_daily"}
