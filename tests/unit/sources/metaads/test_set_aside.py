"""What is Meta's is known by its content, however broken, and set aside with its reason."""

from __future__ import annotations

import contextlib
import json
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bedrot.errors import RejectedPayloadError
from bedrot.sources.metaads import SOURCE, documents
from bedrot.sources.metaads.insight_tables import figures
from bedrot.sources.metaads.objects import read_ads, read_adsets, read_campaigns, read_creatives
from bedrot.sources.metaads.synthetic import (
    Ad,
    AdSet,
    Campaign,
    Figures,
    ad_object,
    adset_object,
    campaign_object,
    dump,
    graph_error,
    graph_page,
    insight_object,
    sign_in_page,
)

MAY = date(2025, 5, 20)
OBJECTS: dict[str, dict[str, Any]] = {
    "campaigns": campaign_object(Campaign(id="120200000000010075", name="Hail")),
    "adsets": adset_object(AdSet(id="120200000000020075", name="A", campaign_id="11")),
    "ads": ad_object(
        Ad(id="120200000000030075", name="A", campaign_id="11", adset_id="12", creative_id="13")
    ),
    "insights": insight_object(
        Figures(campaign_id="11", start=MAY, stop=MAY, spend=Decimal("4.37"), impressions=7)
    ),
}
READERS = {
    "campaigns": read_campaigns,
    "adsets": read_adsets,
    "ads": read_ads,
    "insights": figures("campaign", "daily"),
}
KINDS = sorted(OBJECTS)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-be"])
def test_a_dump_is_known_in_any_encoding(kind: str, encoding: str, known: Any) -> None:
    assert known(dump([OBJECTS[kind]]).decode().encode(encoding)) == {kind}


@pytest.mark.parametrize("kind", KINDS)
def test_a_page_is_known(kind: Any, known: Any) -> None:
    assert known(graph_page([OBJECTS[kind]], kind)) == {kind}


@pytest.mark.parametrize("kind", KINDS)
def test_an_empty_page_is_known_by_its_address_and_holds_nothing(
    kind: Any, known: Any, code: Any
) -> None:
    assert known(graph_page([], kind)) == {kind}
    assert code(READERS[kind], graph_page([], kind)) == "empty"


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("part", [0.7, 0.9, 0.99])
def test_a_cut_dump_is_known_and_set_aside(kind: str, part: float, known: Any, code: Any) -> None:
    content = dump([OBJECTS[kind]] * 3)
    cut = content[: int(len(content) * part)]
    assert known(cut) == {kind}
    assert code(READERS[kind], cut) == "truncated"


@given(data=st.data())
def test_json_cut_anywhere_is_set_aside(data: st.DataObject, payload: Path) -> None:
    kind = data.draw(st.sampled_from(KINDS))
    content = dump([OBJECTS[kind]])
    payload.write_bytes(content[: data.draw(st.integers(0, len(content) - 1))])
    with pytest.raises(RejectedPayloadError):
        READERS[kind](payload, frozenset())


@given(data=st.data())
def test_any_bytes_inside_are_read_or_set_aside(data: st.DataObject, payload: Path) -> None:
    kind = data.draw(st.sampled_from(KINDS))
    content = dump([OBJECTS[kind]])
    place = data.draw(st.integers(0, len(content)))
    payload.write_bytes(content[:place] + data.draw(st.binary(max_size=4)) + content[place + 2 :])
    for stream in SOURCE.streams:
        stream.recognise(payload, stream)
    with contextlib.suppress(RejectedPayloadError):
        READERS[kind](payload, frozenset())


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"[]",
        b"{}",
        b'{"data": []}',
        b'[{"id": "x", "name": "y", "status": "z"}]',
        b'{"data": {"getAccountAnalytics": {"overview": {"clicks": 1}}}}',
        b'{"streams": [{"date": "2025-05-01", "streams": "5"}]}',
        b"<!doctype html><html><body>Sign in</body></html>",
        b"Date,Clicks,Impressions\n2025-05-01,1,2\n",
    ],
)
def test_what_does_not_show_that_it_is_metas_is_not_claimed(content: bytes, known: Any) -> None:
    assert known(content) == set()


def test_an_answer_with_an_error_is_set_aside_with_what_to_do(known: Any, payload: Path) -> None:
    assert known(graph_error(190)) == {"insights"}
    with pytest.raises(RejectedPayloadError, match="error 190") as caught:
        READERS["insights"](payload, frozenset())
    assert caught.value.code == "graph_error"
    assert "token" in str(caught.value.next_step)


def test_the_sign_in_page_is_a_stray() -> None:
    assert "sign-in" in str(SOURCE.stray(sign_in_page()))
    assert SOURCE.stray(b"<html><body>about facebook.com</body></html>") is None
    assert SOURCE.stray(dump([OBJECTS["ads"]])) is None


@pytest.mark.parametrize("kind", KINDS)
def test_html_where_json_is_due_is_set_aside(kind: str, code: Any) -> None:
    assert code(READERS[kind], sign_in_page()) == "unreadable_json"


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b'[{"id": "1"}, null]', "unreadable_record"),
        (b'[{"id": "1"}, 5]', "unreadable_record"),
        (b'[{"id": "1", "id": "2"}]', "unreadable_record"),
        (b'"campaigns"', "unreadable_record"),
        (b'[{"id": "1"}] and more', "unreadable_json"),
        (b'[{"id": NaN}]', "unreadable_value"),
        (b'[{"id": "1", "created_time": "2025-05-01"}]', "unreadable_value"),
        (b'[{"id": "1", "created_time": "2025-13-01T00:00:00+0000"}]', "unreadable_value"),
        (b"[" * 200_000, "unreadable_json"),
    ],
)
def test_what_is_no_listing_is_set_aside(content: bytes, expected: str, code: Any) -> None:
    assert code(read_campaigns, content) == expected


def test_a_file_beyond_all_measure_is_not_read(code: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(documents, "MAX_BYTES", 100)
    assert code(read_campaigns, dump([OBJECTS["campaigns"]])) == "too_large"


@pytest.mark.parametrize("value", ["creative", 5, ["1"], "13"])
def test_a_creative_that_is_no_object_is_set_aside(value: object, code: Any) -> None:
    content = json.dumps([OBJECTS["ads"] | {"creative": value}]).encode()
    assert code(read_creatives, content) == "unreadable_value"


def test_pages_put_together_are_read_as_one(payload: Path) -> None:
    pages = [json.loads(graph_page([OBJECTS["ads"] | {"id": n}], "ads")) for n in ("1", "2")]
    payload.write_bytes(json.dumps(pages).encode())
    assert len(read_ads(payload, frozenset()).records) == 2


def test_no_other_sample_is_taken_for_metas(samples: Path) -> None:
    others = [p for p in samples.rglob("*") if p.is_file() and "metaads" not in p.parts]
    claimed = [p for p in others for s in SOURCE.streams if s.recognise(p, s)]
    assert claimed == []
