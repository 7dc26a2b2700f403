"""What of a response must not land."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping

import pytest

from bedrot.sources.linktree.synthetic import Link
from bedrot.sources.linktree.synthetic_responses import titles_response

Masked = Callable[[bytes], tuple[bytes, Mapping[str, int]]]


@pytest.mark.parametrize(
    ("title", "kept", "kind"),
    [
        ("mailto:owner.x+y@example.com", "mailto:[email]", "email"),
        ("mailto:owner%40example.com?subject=x", "mailto:[email]?subject=x", "email"),
        ("Write to Owner@mail.example.com!", "Write to [email]!", "email"),
        ("tel:+1 555-0100", "tel:[phone]", "phone"),
        ("https://wa.me/15550100", "https://wa.me/[phone]", "phone"),
        (
            "https://x.example/?a=1&token=abc.def&b=2",
            "https://x.example/?a=1&token=[token]&b=2",
            "token",
        ),
        ("https://x.example/#access_token=abc", "https://x.example/#access_token=[token]", "token"),
        ("Bearer abcdefgh12345", "Bearer [token]", "token"),
        ("eyJhbGciOiJI.eyJzdWIi.c2ln", "[token]", "token"),
    ],
)
def test_addresses_numbers_and_tokens_are_masked(
    title: str, kept: str, kind: str, masked: Masked
) -> None:
    body, counts = masked(titles_response([Link(id=4711, title=title)]))
    assert json.loads(body)["data"]["link4711"]["title"] == kept
    assert counts == {kind: 1}


@pytest.mark.parametrize(
    "text",
    [
        "PIG & TIN - SAID THE SEA (7 @ 9)",
        "https://music.example/album/4711?si=0a1b2c3d4e5f",
        "https://video.example/@handle.name",
        "https://ugc.example/0b59ade4-1d51-a67e-3dce-c1d9639dd833_icon@2x.png",
        "2025-05-27 20:00",
    ],
)
def test_titles_links_and_ids_stay(text: str, masked: Masked) -> None:
    body = titles_response([Link(id=453835498, title=text, url=text)])
    assert masked(body) == (body, {})


def test_escaped_signs_are_known(masked: Masked) -> None:
    body, counts = masked(rb'{"url":"mailto:a\u0040x.example","u":"?b=1\u0026token\u003dabc"}')
    assert body == rb'{"url":"mailto:[email]","u":"?b=1\u0026token\u003d[token]"}'
    assert counts == {"email": 1, "token": 1}


def test_a_named_secret_is_masked(masked: Masked) -> None:
    assert masked(b'{"password": "a\\"b", "id": "x"}') == (
        b'{"password": "[token]", "id": "x"}',
        {"token": 1},
    )


def test_masking_what_is_masked_changes_nothing(masked: Masked) -> None:
    body = b'{"a":"tel:+15550100 a@x.example ?token=abc Bearer abcdefghij","token":"t"}'
    once, counts = masked(body)
    assert sum(counts.values()) == 5
    assert masked(once) == (once, {})


def test_another_encoding_hides_nothing(masked: Masked) -> None:
    body, counts = masked('{"a":"owner@example.com"}'.encode("utf-16"))
    assert body == b'{"a":"[email]"}'
    assert counts == {"email": 1}
