"""Headers: other languages, other orders, and what is missing or too much."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from bedrot.errors import RejectedPayloadError
from bedrot.sources.tiktok import OVERVIEW_STREAM, SOURCE, VIEWERS_STREAM
from bedrot.sources.tiktok.daily import read_overview
from bedrot.sources.tiktok.synthetic import HEADERS, Writing, daily, printed_day, written

Refused = Callable[..., RejectedPayloadError]
Typed = Callable[..., list[dict[str, Any]]]


DAY = date(2025, 7, 14)
GIVEN = {"window": f"{DAY}..{DAY}"}
FIGURES = [10, 20, 30, 40, 50]
PORTUGUESE = (
    "Data",
    "Visualizações de vídeo",
    "Visualizações do perfil",
    "Curtidas",
    "Comentários",
    "Compartilhamentos",
)
GERMAN = ("Datum", "Videoaufrufe", "Profilaufrufe", "Likes", "Kommentare", "Geteilte Inhalte")


def _notes(payload: Path, content: bytes, *waived: str) -> dict[str, str]:
    payload.write_bytes(content)
    return {note.code: note.text for note in read_overview(payload, frozenset(waived), GIVEN).notes}


def test_portuguese_headers_are_read_without_a_word(typed: Typed, payload: Path) -> None:
    content = daily("overview", {DAY: FIGURES}, Writing(language="pt", headers=PORTUGUESE))
    assert typed(OVERVIEW_STREAM, content, GIVEN)[0]["comment_count"] == 40
    assert _notes(payload, content) == {}


def test_our_own_translations_are_said_aloud(typed: Typed, payload: Path) -> None:
    content = daily("overview", {DAY: FIGURES}, Writing(language="de", headers=GERMAN))
    assert typed(OVERVIEW_STREAM, content, GIVEN)[0]["video_view_count"] == 10
    assert "`Videoaufrufe`" in _notes(payload, content)["assumed_headers"]
    assert "`Likes`" not in _notes(payload, content)["assumed_headers"]


def test_columns_are_found_by_name_in_any_order(typed: Typed) -> None:
    straight = typed(OVERVIEW_STREAM, daily("overview", {DAY: FIGURES}), GIVEN)
    row: list[int | str] = [printed_day(DAY), *FIGURES]
    turned = Writing(headers=tuple(reversed(HEADERS["overview"])))
    assert typed(OVERVIEW_STREAM, written("overview", [row[::-1]], turned), GIVEN) == straight


@pytest.mark.parametrize("place", range(1, 6))
def test_a_missing_column_is_named(place: int, refused: Refused, payload: Path) -> None:
    headers = [h for n, h in enumerate(HEADERS["overview"]) if n != place]
    figures = [f for n, f in enumerate(FIGURES, start=1) if n != place]
    content = daily("overview", {DAY: figures}, Writing(headers=tuple(headers)))
    assert refused(OVERVIEW_STREAM, content, GIVEN).code == "missing_column"
    assert "missing_columns" in _notes(payload, content, "missing_column")


def test_an_unknown_column_is_kept_out_and_named(typed: Typed, payload: Path) -> None:
    headers = (*HEADERS["overview"], "Saves")
    content = daily("overview", {DAY: [*FIGURES, 9]}, Writing(headers=headers))
    assert typed(OVERVIEW_STREAM, content, GIVEN)[0]["share_count"] == 50
    assert "`Saves`" in _notes(payload, content)["unknown_columns_left"]


def test_two_headers_for_one_column_are_refused(refused: Refused) -> None:
    headers = (*HEADERS["overview"][:-1], "Likes")
    content = daily("overview", {DAY: FIGURES}, Writing(headers=headers))
    assert refused(OVERVIEW_STREAM, content, GIVEN).code == "doubled_header"


@pytest.mark.parametrize(
    "header",
    [
        b"Date,Views,Watch time (hours)\nMay 28,1,2\n",
        b"Date,Likes,Comments,Shares\nMay 28,1,2,3\n",
        b"Date,Followers\nMay 28,1\n",
        b"Time,Title,Link\n1,2,3\n",
        b"Gender,Age\nfemale,3\n",
    ],
)
def test_tables_of_others_are_not_claimed(header: bytes, payload: Path) -> None:
    payload.write_bytes(header)
    assert [s.name for s in SOURCE.streams if s.recognise(payload, s)] == []


@pytest.mark.parametrize("kind", sorted(HEADERS))
def test_each_kind_belongs_to_one_stream(kind: str, payload: Path) -> None:
    payload.write_bytes(written(kind, []))
    found = [s.name for s in SOURCE.streams if s.recognise(payload, s)]
    variants = {
        "business_overview": "overview",
        "business_audience": "follower_history",
        "business_content": "content",
    }
    assert found == [variants.get(kind, kind)]


@pytest.mark.parametrize("stream", SOURCE.streams, ids=lambda stream: stream.name)
def test_every_header_is_of_a_known_field(stream: object) -> None:
    text = stream.aliases["tiktok_headers"]  # type: ignore[attr-defined]
    rows = list(csv.DictReader(io.StringIO(text)))
    assert {row["evidence"] for row in rows} == {"seen", "reported", "assumed"}
    exports = {row["export"] for row in rows} - {""}
    assert exports <= {one.name for one in SOURCE.streams}
    told = [(row["export"], row["language"], row["header"].casefold()) for row in rows]
    assert len(told) == len(set(told))


def test_each_language_has_the_overview_and_the_viewers() -> None:
    rows = list(csv.DictReader(io.StringIO(VIEWERS_STREAM.aliases["tiktok_headers"])))
    for language in ("en", "es", "de", "fr", "pt", "it", "el", "vi"):
        fields = {row["field"] for row in rows if row["language"] == language}
        assert {"video_view_count", "viewer_count", "follower_count", "share"} <= fields
