"""What platforms give in place of an export, where its folder says whose it should have been."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from bedrot.catalog.index import remove_gate_standing
from bedrot.pipeline.bringing import Imported
from bedrot.pipeline.deciding import retry, standings_now
from bedrot.sources.distrokid.synthetic import sign_in_page
from bedrot.testing.lakes import NOW, run_lake
from bedrot.zones.journal import take_back
from bedrot.zones.lake import Lake

Bring = Callable[..., dict[str, Imported]]

PAGE = b"<!doctype html><title>Be right back</title><p>mail us: help@example.org</p>"
NO_EXPORTS = [b"[]", b"{}", b"null", b"", PAGE, b'{"plays": [{"at": "2025-0']


def in_inbox(given: Path, source: str, content: bytes) -> Path:
    folder = given / "inbox" / source / "main"
    folder.mkdir(parents=True)
    path = folder / "insights.json"
    path.write_bytes(content)
    return path


@pytest.mark.parametrize("content", NO_EXPORTS)
@pytest.mark.parametrize("source", ["metaads", "toolost", "distrokid"])
def test_in_a_sources_inbox_it_is_set_aside(
    bring: Bring, lake: Lake, given: Path, source: str, content: bytes
) -> None:
    (told,) = bring(in_inbox(given, source, content)).values()
    assert (told.outcome, told.source) == ("set_aside", source)
    assert told.reason
    assert told.next_step
    assert [standing.file_id for standing in standings_now(lake)] == [told.file_id]


def test_it_lands_masked(bring: Bring, lake: Lake, given: Path) -> None:
    bring(in_inbox(given, "toolost", PAGE))
    landed = [lake.store.read(key) for key in lake.store.list("landing")]
    assert not any(b"help@example.org" in content for content in landed)


def test_it_stops_nothing_else_and_no_run(bring: Bring, lake: Lake, given: Path) -> None:
    bring(in_inbox(given, "metaads", b"[]"))
    run_lake(lake)
    (standing,) = standings_now(lake)
    assert standing.code == "no_data"


@pytest.mark.parametrize("content", [*NO_EXPORTS, sign_in_page()])
def test_where_the_import_was_stopped_the_next_run_gives_the_reason_that_it_would_have_given(
    bring: Bring, lake: Lake, given: Path, content: bytes
) -> None:
    bring(in_inbox(given, "distrokid", content))
    (before,) = standings_now(lake)
    take_back(lake, before.source, before.stream, before.file_id)
    remove_gate_standing(lake.catalog, before.file_id)
    run_lake(lake)
    (after,) = standings_now(lake)
    told = [(s.code, s.reason, s.seen, s.next_step) for s in (before, after)]
    assert told[0] == told[1]


def test_judged_again_it_is_still_no_data(bring: Bring, lake: Lake, given: Path) -> None:
    bring(in_inbox(given, "metaads", b"[]"))
    (retried,) = retry(lake, clock=lambda: NOW)
    assert (retried.outcome, retried.standing.code) == ("set_aside", "no_data")
    assert not retried.is_changed


def test_brought_again_it_is_known(bring: Bring, given: Path) -> None:
    path = in_inbox(given, "metaads", b"[]")
    bring(path)
    assert [told.outcome for told in bring(path).values()] == ["known"]


@pytest.mark.parametrize("content", [b"[]", PAGE])
def test_elsewhere_nothing_tells_whose_it_is(bring: Bring, given: Path, content: bytes) -> None:
    path = given / "insights.json"
    path.write_bytes(content)
    (told,) = bring(path).values()
    assert told.outcome == "refused"
    assert told.next_step
