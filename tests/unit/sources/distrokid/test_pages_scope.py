"""Of what a page shows the figures is read from the page, and has to be certain."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from bedrot.errors import RejectedPayloadError
from bedrot.extract.parsed import Parsed
from bedrot.sources.distrokid.pages import read_apple_days, read_spotify_days
from bedrot.sources.distrokid.synthetic_pages import Frame, apple_page, spotify_page

DAYS = {date(2025, 5, 19): 10, date(2025, 5, 20): 20}
WHOLE = Frame(captured_at=datetime(2025, 5, 22, 15, 51, tzinfo=UTC))
TRACK = Frame(captured_at=WHOLE.captured_at, scope="track:7001")
ALBUM = Frame(captured_at=WHOLE.captured_at, scope="album:8001")
WAIVED = frozenset({"filtered_page"})


def _spotify(content: bytes, folder: Path, waived: frozenset[str] = frozenset()) -> Parsed:
    path = folder / "page.html"
    path.write_bytes(content)
    return read_spotify_days(path, waived)


def _apple(content: bytes, folder: Path, waived: frozenset[str] = frozenset()) -> Parsed:
    path = folder / "page.html"
    path.write_bytes(content)
    return read_apple_days(path, waived)


def _without_menus(content: bytes) -> bytes:
    return content.replace(b"trendingMaster", b"x").replace(b"trendingFilter", b"y")


def _without_addresses(content: bytes) -> bytes:
    return content.replace(b"%2Fstats%2F", b"%2Felsewhere%2F")


def test_a_page_of_everything_has_the_scope_all(tmp_path: Path) -> None:
    assert set(_spotify(spotify_page(DAYS, WHOLE), tmp_path).columns["scope"]) == {"all"}
    assert set(_apple(apple_page(DAYS, WHOLE), tmp_path).columns["scope"]) == {"all"}


def test_an_address_without_a_type_means_everything(tmp_path: Path) -> None:
    content = spotify_page(DAYS, WHOLE).replace(b"type%3Dall%26", b"")
    assert set(_spotify(content, tmp_path).columns["scope"]) == {"all"}


@pytest.mark.parametrize("strip", [_without_menus, _without_addresses])
def test_one_sign_alone_is_enough(strip: Callable[[bytes], bytes], tmp_path: Path) -> None:
    content = strip(spotify_page(DAYS, WHOLE))
    assert set(_spotify(content, tmp_path).columns["scope"]) == {"all"}


def test_without_any_sign_the_scope_is_unknown(tmp_path: Path) -> None:
    content = _without_menus(_without_addresses(spotify_page(DAYS, WHOLE)))
    with pytest.raises(RejectedPayloadError, match="cannot be told") as caught:
        _spotify(content, tmp_path)
    assert caught.value.code == "unknown_scope"


@pytest.mark.parametrize("frame", [TRACK, ALBUM])
def test_a_filtered_page_is_set_aside(frame: Frame, tmp_path: Path) -> None:
    with pytest.raises(RejectedPayloadError) as caught:
        _spotify(spotify_page(DAYS, frame), tmp_path)
    assert caught.value.code == "filtered_page"
    assert frame.scope.partition(":")[2] in str(caught.value)


@pytest.mark.parametrize("frame", [TRACK, ALBUM])
def test_an_accepted_filtered_page_counts_under_its_own_scope(frame: Frame, tmp_path: Path) -> None:
    for parsed in (
        _spotify(spotify_page(DAYS, frame), tmp_path, WAIVED),
        _apple(apple_page(DAYS, frame), tmp_path, WAIVED),
    ):
        assert set(parsed.columns["scope"]) == {frame.scope}


def test_an_address_of_a_track_against_drop_downs_of_everything_is_unknown(tmp_path: Path) -> None:
    content = spotify_page(DAYS, WHOLE).replace(b"type%3Dall", b"type%3Dtrack%26id%3D7001")
    with pytest.raises(RejectedPayloadError, match="contradict") as caught:
        _spotify(content, tmp_path, WAIVED)
    assert caught.value.code == "unknown_scope"


def test_two_different_tracks_are_a_contradiction(tmp_path: Path) -> None:
    content = spotify_page(DAYS, TRACK).replace(b"id%3D7001", b"id%3D7002")
    with pytest.raises(RejectedPayloadError, match="contradict"):
        _spotify(content, tmp_path, WAIVED)


def test_charts_of_one_track_on_a_page_of_everything_are_a_contradiction(tmp_path: Path) -> None:
    content = apple_page(DAYS, WHOLE).replace(b"appleTrackName = ''", b"appleTrackName = 'Hail'")
    with pytest.raises(RejectedPayloadError, match="contradict"):
        _apple(content, tmp_path)


def test_a_track_whose_charts_name_none_is_unknown(tmp_path: Path) -> None:
    content = apple_page(DAYS, TRACK).replace(b"'Said the Sea'", b"''")
    with pytest.raises(RejectedPayloadError, match="name none"):
        _apple(content, tmp_path, WAIVED)


def test_the_page_before_this_one_says_nothing(tmp_path: Path) -> None:
    before = (
        b"&amp;r=https%3A%2F%2Fdistrokid.com%2Fstats%2F%3Ftype%3Dtrack%26id%3D9%26data%3Dstreams&"
    )
    content = spotify_page(DAYS, WHOLE).replace(b"&amp;frm=0&", before, 1)
    assert before in content
    assert set(_spotify(content, tmp_path).columns["scope"]) == {"all"}
