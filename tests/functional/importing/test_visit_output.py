"""What an import prints and keeps of the responses of a visit."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bedrot.catalog import index
from bedrot.cli.main import app
from bedrot.pipeline.bringing import Imported
from bedrot.sources.linktree.synthetic import Day, Link, Page, refused_responses
from bedrot.sources.linktree.synthetic_responses import overview_response, titles_response
from bedrot.zones.lake import Lake

WINDOW = (date(2025, 5, 21), date(2025, 5, 27))
OVERVIEW = overview_response(Page(days={WINDOW[1]: Day(views=3, clicks=1)}), WINDOW)
TITLES = titles_response([Link(id=4711, title="Tin")])
FILES = {
    "graphql_20250527_141826_100000.json": OVERVIEW,
    "graphql_20250527_141826_900000.json": TITLES,
    "graphql_20250527_141827_000000.json": refused_responses()[0],
}


@pytest.fixture
def handed(given: Path) -> Callable[[Mapping[str, bytes]], Path]:
    def write(files: Mapping[str, bytes]) -> Path:
        for name, body in files.items():
            (given / name).write_bytes(body)
        return given

    return write


def test_the_content_of_a_visit_is_printed_once_and_no_hash_of_what_is_refused(
    handed: Callable[[Mapping[str, bytes]], Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BEDROT_LAKE", str(tmp_path / "lake"))
    told = CliRunner().invoke(app, ["import", str(handed(FILES)), "--dry-run"])
    lines = [line for line in told.stdout.splitlines() if "would be landed" in line]
    assert [": 7 line(s)" in line for line in lines] == [True, False]
    assert lines[1].endswith(": of the same visit, told above")
    assert "tells of the page's holder (`currentUser`)" in told.stdout
    assert "sha256" not in told.stdout


def test_responses_of_one_second_keep_their_fraction(
    bring: Callable[..., dict[str, Imported]],
    lake: Lake,
    handed: Callable[[Mapping[str, bytes]], Path],
) -> None:
    bring(handed(FILES))
    (capture,) = index.captures(lake.catalog)
    assert [name.partition("-")[0] for name in capture.parameters["visit"]] == [
        "20250527_141826_100000",
        "20250527_141826_900000",
    ]


def test_nothing_is_kept_of_several_responses_in_one_list(
    bring: Callable[..., dict[str, Imported]],
    lake: Lake,
    handed: Callable[[Mapping[str, bytes]], Path],
) -> None:
    (told,) = bring(handed({"batch.json": b"[" + OVERVIEW + b"," + TITLES + b"]"})).values()
    assert (told.outcome, told.kind) == ("refused", "responses in one list")
    assert "a file of its own" in told.next_step
    assert index.captures(lake.catalog) == []
