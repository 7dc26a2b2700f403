"""No access token and no address lands; figures do, byte for byte."""

from __future__ import annotations

import io
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bedrot.sources.metaads import masking
from bedrot.sources.metaads.masking import holder, mask_tokens
from bedrot.sources.metaads.synthetic import (
    TOKEN,
    Campaign,
    Figures,
    campaign_object,
    dump,
    graph_error,
    graph_page,
    insight_object,
)

MAY = date(2025, 5, 20)
ROW = insight_object(
    Figures(campaign_id="120200000000010075", start=MAY, stop=MAY, spend=Decimal("4.37"))
)
SECRET = "s3cretPart|of-a_token"
FORMS = [
    f'{{"next": "https://graph.facebook.com/x?access_token={SECRET}&limit=25"}}',
    f'{{"next": "https:\\/\\/graph.facebook.com\\/x?limit=25\\u0026access_token={SECRET}"}}',
    f'{{"next": "https://graph.facebook.com/x?access_token\\u003d{SECRET}\\u0026limit=25"}}',
    f'{{"url": "x%3Faccess_token%3D{SECRET}%26limit%3D25"}}',
    f'{{"access_token" : "{SECRET}", "data": []}}',
    f'{{"appsecret_proof":"{SECRET}"}}',
    f"Authorization: Bearer {SECRET}",
]


def _masked(content: bytes) -> tuple[bytes, Mapping[str, int]]:
    target = io.BytesIO()
    counts = mask_tokens(io.BytesIO(content), target)
    return target.getvalue(), counts


def test_a_page_lands_without_its_token() -> None:
    masked, counts = _masked(graph_page([ROW], "insights", has_next=True))
    assert TOKEN.encode() not in masked
    assert b"access_token=[token]&limit=25" in masked
    assert counts == {"token": 2}


@pytest.mark.parametrize("form", FORMS)
def test_a_token_is_found_in_any_form(form: str) -> None:
    masked, counts = _masked(form.encode())
    assert SECRET.encode() not in masked
    assert counts == {"token": 1}


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-be", "utf-16-le", "utf-32"])
def test_a_token_is_found_in_wide_encodings(encoding: str) -> None:
    masked, counts = _masked(FORMS[0].encode(encoding))
    assert SECRET not in masked.decode(encoding)
    assert counts == {"token": 1}
    assert _masked(masked)[0] == masked


def test_an_error_lands_without_the_token_that_it_quotes() -> None:
    masked, counts = _masked(graph_error())
    assert TOKEN.encode() not in masked
    assert counts == {"token": 1}


def test_an_address_in_a_name_is_masked() -> None:
    named = campaign_object(Campaign(id="1", name="ask owner@tin-almanac.example now"))
    masked, counts = _masked(dump([named]))
    assert b"ask [email] now" in masked
    assert counts == {"email": 1}


def test_a_dump_without_secrets_stays_byte_for_byte() -> None:
    content = dump([ROW, campaign_object(Campaign(id="1", name="Größe @ Köln"))])
    assert _masked(content) == (content, {})


def test_a_token_across_blocks_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    content = graph_page([ROW] * 3, "insights", has_next=True)
    whole = _masked(content)
    for size in (7, 50, 333):
        monkeypatch.setattr(masking, "_BLOCK", size)
        assert _masked(content) == whole


@given(parts=st.lists(st.sampled_from(FORMS) | st.text(max_size=20), max_size=6))
def test_masking_a_masked_file_changes_nothing(parts: list[str]) -> None:
    once, _ = _masked(",".join(parts).encode(errors="replace"))
    assert _masked(once) == (once, {})


@pytest.mark.parametrize("account", ["900000000000001", "act_900000000000001"])
def test_the_holder_is_the_same_before_and_after_masking(account: str, tmp_path: Path) -> None:
    path = tmp_path / "payload"
    path.write_bytes(dump([ROW | {"account_id": account}]))
    before = holder(path)
    path.write_bytes(_masked(path.read_bytes())[0])
    assert before == holder(path)
    path.write_bytes(graph_page([ROW], "insights"))
    assert before == holder(path)


def test_a_dump_that_names_no_account_has_no_holder(tmp_path: Path) -> None:
    path = tmp_path / "payload"
    path.write_bytes(dump([ROW]))
    assert holder(path) is None


def test_the_real_dumps_stay_byte_for_byte(samples: Path) -> None:
    for path in samples.joinpath("metaads").rglob("*.json"):
        assert _masked(path.read_bytes()) == (path.read_bytes(), {})
