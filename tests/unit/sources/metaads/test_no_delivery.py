"""A row is without delivery only if no figure in it says otherwise, and an empty page may be the end."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from bedrot.errors import RejectedPayloadError
from bedrot.extract.parsed import Parse
from bedrot.sources.metaads.insight_tables import actions, figures
from bedrot.sources.metaads.objects import read_ads, read_adsets, read_campaigns, read_creatives
from bedrot.sources.metaads.synthetic import Figures, graph_page, insight_object

READ = figures("campaign", "daily")
HEADER = "Day,Campaign name,Campaign ID,Amount spent (USD),Clicks (all),Reach,CPC (all)"
READERS: dict[str, list[Parse]] = {
    "campaigns": [read_campaigns],
    "adsets": [read_adsets],
    "ads": [read_ads, read_creatives],
    "insights": [READ, actions("daily"), figures("ad", "lifetime")],
}
PAIRS = [(kind, read) for kind, reads in READERS.items() for read in reads]


def _export(*records: str) -> bytes:
    return "\n".join(
        [HEADER, *(f"2025-05-2{n},C,12,{r}" for n, r in enumerate(records)), ""]
    ).encode()


@pytest.mark.parametrize("figures_of_row", [",7,40,", ",7,,", ",,40,", ",,,0.4"])
def test_clicks_or_reach_without_spend_are_delivery(figures_of_row: str, tell: Any) -> None:
    told = tell(_export(figures_of_row, "1.00,7,40,"))
    assert len(told.rows) == 2
    assert told.rows[0].text("spend") is None
    assert {note.code for note in told.notes} == {"null_values", "fields_missing"}


@pytest.mark.parametrize("figures_of_row", [",,,", ",0,0,", ",0,,0.00"])
def test_a_row_of_nothing_and_0_had_no_delivery(figures_of_row: str, tell: Any) -> None:
    told = tell(_export(figures_of_row, "1.00,7,40,"))
    assert len(told.rows) == 1
    assert "no_delivery" in {note.code for note in told.notes}


def test_a_spend_of_0_is_told_and_stays(tell: Any) -> None:
    assert [row.text("spend") for row in tell(_export("0,,,")).rows] == ["0"]


def _judged(read: Any, payload: Path, content: bytes) -> RejectedPayloadError:
    payload.write_bytes(content)
    with pytest.raises(RejectedPayloadError) as caught:
        read(payload, frozenset())
    assert caught.value.code == "empty"
    return caught.value


@pytest.mark.parametrize(("kind", "read"), PAIRS)
def test_an_empty_last_page_asks_for_nothing(kind: Any, read: Any, payload: Path) -> None:
    told = _judged(read, payload, graph_page([], kind))
    assert "nothing is to be done" in str(told.next_step)


@pytest.mark.parametrize(("kind", "read"), PAIRS)
def test_an_empty_page_before_others_asks_for_the_next_one(
    kind: Any, read: Any, payload: Path
) -> None:
    told = _judged(read, payload, graph_page([], kind, has_next=True))
    assert "paging.next" in str(told.next_step)


def test_what_is_printed_of_an_empty_page_is_nothing(payload: Path) -> None:
    payload.write_bytes(graph_page([], "insights"))
    assert len(READ(payload, frozenset({"empty"})).records) == 0


def test_an_empty_page_among_others_is_no_matter(day: Figures, tell: Any) -> None:
    pages = [graph_page([insight_object(day)], "insights"), graph_page([], "insights")]
    assert len(tell(json.dumps([json.loads(page) for page in pages]).encode()).rows) == 1
