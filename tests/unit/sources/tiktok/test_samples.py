"""Real files, where they lie."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from bedrot.errors import RejectedPayloadError
from bedrot.sources.tiktok import SOURCE
from bedrot.sources.tiktok.captures import account_in_name

Refused = Callable[..., RejectedPayloadError]
Typed = Callable[..., list[dict[str, Any]]]


SAMPLES = Path(__file__).resolve().parents[5] / "shared" / "samples"
ZIPS = sorted(SAMPLES.glob("tiktok/analytics/*.zip"))
VARIANTS = sorted(SAMPLES.glob("tiktok_variants/*.csv"))
YEAR = {"window": "2024-05-28..2025-05-27"}
GREEK = {"window": "2026-02-25..2026-03-24", "moment": "known"}

pytestmark = pytest.mark.skipif(not ZIPS, reason="the samples are not here")


def _read(
    typed: Typed, content: bytes, payload: Path, given: dict[str, str]
) -> list[dict[str, Any]]:
    payload.write_bytes(content)
    streams = [stream for stream in SOURCE.streams if stream.recognise(payload, stream)]
    assert len(streams) == 1
    return typed(streams[0], content, given)


@pytest.mark.parametrize("path", ZIPS, ids=lambda path: path.name)
def test_a_real_year_is_whole(path: Path, typed: Typed, payload: Path) -> None:
    with zipfile.ZipFile(path) as file:
        rows = _read(typed, file.read("Overview.csv"), payload, YEAR)
    views = {"zone.a0": 4_683_142, "pig1987": 7_816_759}
    account = account_in_name("Overview.csv", f"{path.name}#0")
    assert sum(row["video_view_count"] for row in rows) == views[str(account)]
    first = date(2024, 5, 28)
    assert [row["day_date"] for row in rows] == [first + timedelta(days=n) for n in range(365)]


@pytest.mark.parametrize("path", VARIANTS, ids=lambda path: path.name)
def test_a_loose_file_is_set_aside(path: Path, refused: Refused, payload: Path) -> None:
    payload.write_bytes(path.read_bytes())
    stream = next(s for s in SOURCE.streams if s.recognise(payload, s))
    error = refused(stream, path.read_bytes(), {})
    assert error.code in {"missing_window", "missing_as_of"}
    assert "bedrot import FILE" in str(error.next_step)


@pytest.mark.parametrize(
    ("name", "rows"),
    [
        ("Overview", 28),
        ("Viewers", 28),
        ("FollowerHistory", 28),
        ("FollowerActivity", 192),
        ("FollowerGender", 3),
        ("FollowerTopTerritories", 11),
        ("Content.titles_replaced", 15),
    ],
)
def test_the_greek_set_is_read_with_its_window(
    name: str, rows: int, typed: Typed, payload: Path
) -> None:
    content = (SAMPLES / "tiktok_variants" / f"el_GR__{name}.csv").read_bytes()
    told = _read(typed, content, payload, GREEK)
    assert len(told) == rows
    if name == "Overview":
        assert sum(row["video_view_count"] for row in told) == 478_050
