"""Whose figures an account holds is what most of its payloads say."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bedrot.catalog import index
from bedrot.catalog.records import CaptureRecord, Decision
from bedrot.pipeline.holders import holders_of
from bedrot.testing.lakes import NOW, throwaway_lake
from bedrot.zones.lake import Lake
from bedrot.zones.raw import raw_key

Seen = Callable[..., CaptureRecord]
MAY, JUNE, JULY = (f"page_2025{month}01_120000.html" for month in ("05", "06", "07"))


@pytest.fixture
def lake(tmp_path: Path) -> Iterator[Lake]:
    with throwaway_lake(tmp_path / "lake") as lake:
        yield lake


def keep(lake: Lake, *captures: CaptureRecord) -> None:
    """As if these had come in and passed the gate."""
    index.index_captures(lake.catalog, captures)
    for capture in captures:
        key = raw_key(capture.source, capture.stream, capture.file_id)
        if not lake.store.exists(key):
            lake.store.create(key, b"")


def holder(lake: Lake, *decisions: Decision) -> str | None:
    return holders_of(lake, "distrokid", decisions).get("main")


def drop(capture: CaptureRecord, kind: str = "drop") -> Decision:
    return Decision(kind=kind, file_id=capture.file_id, decided_at=NOW)


def test_most_payloads_decide(lake: Lake, seen: Seen) -> None:
    keep(
        lake,
        seen("a", name=MAY, holder="theirs"),
        seen("b", name=JUNE, holder="ours"),
        seen("c", name=JULY, holder="ours"),
    )
    assert holder(lake) == "ours"


def test_a_payload_that_was_seen_often_counts_once(lake: Lake, seen: Seen) -> None:
    keep(
        lake,
        seen("a", name=MAY, holder="theirs"),
        seen("a", name=JUNE, holder="theirs"),
        seen("a", name=JULY, holder="theirs"),
        seen("b", name=JUNE, holder="ours"),
        seen("c", name=JULY, holder="ours"),
    )
    assert holder(lake) == "ours"


@pytest.mark.parametrize("contents", [("a", "b"), ("b", "a")])
def test_of_two_carried_equally_often_the_one_of_the_oldest_payload_decides(
    lake: Lake, seen: Seen, contents: tuple[str, str]
) -> None:
    older, newer = contents
    keep(lake, seen(newer, name=JUNE, holder="theirs"), seen(older, name=MAY, holder="ours"))
    assert holder(lake) == "ours"


def test_a_payload_without_a_time_is_younger_than_any_other(lake: Lake, seen: Seen) -> None:
    keep(lake, seen("a", holder="theirs"), seen("b", name=JULY, holder="ours"))
    assert holder(lake) == "ours"


def test_dropped_payloads_do_not_count(lake: Lake, seen: Seen) -> None:
    older = seen("a", name=MAY, holder="theirs")
    keep(lake, older, seen("b", name=JUNE, holder="ours"))
    assert holder(lake) == "theirs"
    assert holder(lake, drop(older)) == "ours"
    assert holder(lake, drop(older), drop(older, "accept")) == "theirs"


def test_what_did_not_pass_the_gate_does_not_count(lake: Lake, seen: Seen) -> None:
    index.index_captures(lake.catalog, [seen("a", name=MAY, holder="theirs")])
    keep(lake, seen("b", name=JUNE, holder="ours"))
    assert holder(lake) == "ours"


def test_payloads_that_name_nobody_say_nothing(lake: Lake, seen: Seen) -> None:
    keep(lake, seen("a", name=MAY), seen("b", name=JUNE))
    assert holder(lake) is None


def test_every_account_has_a_holder_of_its_own(lake: Lake, seen: Seen) -> None:
    keep(lake, seen("a", holder="ours"), seen("a", account="other", holder="theirs"))
    assert holders_of(lake, "distrokid", []) == {"main": "ours", "other": "theirs"}
