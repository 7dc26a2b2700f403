"""What of a response must not land."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bedrot.sources.linktree.masking import mask_response
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
        ("mailto:kontakt@müller.de", "mailto:[email]", "email"),
        ("mailto:kontakt@m%C3%BCller.de", "mailto:[email]", "email"),
        ("„jörg@example.org“ Büro", "„[email]“ Büro", "email"),
        ("jo\u0308rg@example.org", "[email]", "email"),
        ("\U0001f4e7info@example.org", "\U0001f4e7[email]", "email"),
        ("Contact:\ninfo@example.org", "Contact:\n[email]", "email"),
        ("tel:(030) 12 34 56 in Berlin", "tel:[phone] in Berlin", "phone"),
        ("https://wa.me/15550100", "https://wa.me/[phone]", "phone"),
        (
            "https://api.whatsapp.com/send?phone=15551234567&text=hi",
            "https://api.whatsapp.com/send?phone=[phone]&text=hi",
            "phone",
        ),
        ("https://t.me/+4915112345678", "https://t.me/[phone]", "phone"),
        ("https://signal.me/#p/+4915112345678", "https://signal.me/#p/[phone]", "phone"),
        ("https://x.example/?accessToken=a", "https://x.example/?accessToken=[token]", "token"),
        ("/?b=1&authToken=a/b&c=2", "/?b=1&authToken=[token]&c=2", "token"),
        ("/?to=%2F%3Ftoken%3Dabc", "/?to=%2F%3Ftoken%3D[token]", "token"),
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
        "https://t.me/+4915112AbCdEf",
        "https://x.example/?tokenId=3&phone=iPhone",
        "Tïn & Söhne 📧 „laut“",
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


@pytest.mark.parametrize(
    "name",
    [
        *("accessToken", "sessionToken", "refreshToken", "idToken", "authToken", "token"),
        *("clientSecret", "apiKey", "access_token", "acce\\u0073sToken", "sessionId"),
    ],
)
def test_a_named_token_is_masked_however_its_name_is_written(name: str, masked: Masked) -> None:
    body = f'{{"{name}":"abc\\"def","id":"4711"}}'.encode()
    assert masked(body) == (f'{{"{name}":"[token]","id":"4711"}}'.encode(), {"token": 1})


def test_a_named_phone_number_is_masked_and_a_phone_is_not(masked: Masked) -> None:
    body = b'{"phone":"+49 170 1234567","phoneNumber":"0170/1234567","mobile":"iPhone 15"}'
    told = b'{"phone":"[phone]","phoneNumber":"[phone]","mobile":"iPhone 15"}'
    assert masked(body) == (told, {"phone": 2})
    assert masked(b'{"phone":"https://x.example/1234567"}')[1] == {}


@pytest.mark.parametrize(
    ("told", "kept"),
    [
        (rb"Contact:\ninfo@example.org", rb"Contact:\n[email]"),
        (rb"Fragen?\u0020info@example.org", rb"Fragen?\u0020[email]"),
        (rb"\u0022info@example.org\u0022", rb"\u0022[email]\u0022"),
        (rb"a\\ninfo@example.org", rb"a\\[email]"),
        (rb"\ud83d\udce7info@example.org", rb"\ud83d\udce7[email]"),
        (rb"\udce7info@example.org", rb"\udce7[email]"),
        (rb"j\u00f6rg@m\u00fcller.de\t", rb"[email]\t"),
        (rb"https:\/\/t.me\/+4915112345678", rb"https:\/\/t.me\/[phone]"),
        ("jörg@müller.de \x93Büro\x94".encode("latin-1"), "[email] \x93Büro\x94".encode("latin-1")),
    ],
)
def test_escapes_beside_a_secret_stay_whole(told: bytes, kept: bytes, masked: Masked) -> None:
    assert masked(b'{"title":"' + told + b'"}')[0] == b'{"title":"' + kept + b'"}'


PIECES = st.sampled_from(
    [
        *("a@b.de", "info", "@", ".", "müller.de", "ö", "\n", "\\", '"', "/", " ", "\ud83d", "📧"),
        *(
            "?token=",
            "&phone=",
            "tel:",
            "t.me/+",
            "wa.me/",
            "4915112345678",
            "Bearer ",
            "eyJabcdefgh",
        ),
        *("%40", "%3D", "_", "[email]", "[token]", "[phone]", '"accessToken":"', "n", "u0040"),
    ]
)
TEXTS = st.lists(PIECES | st.text(max_size=3), max_size=8).map("".join)
NAMES = st.sampled_from(["title", "url", "accessToken", "phone", "password", "auth"])
VALUES = st.recursive(
    TEXTS | st.integers() | st.none() | st.booleans(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3),
    max_leaves=8,
)


def shape(value: Any) -> Any:
    """A document without what its texts say."""
    if isinstance(value, dict):
        return {name: shape(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [shape(inner) for inner in value]
    return "" if isinstance(value, str) else value


def mask(body: bytes) -> bytes:
    target = io.BytesIO()
    mask_response(io.BytesIO(body), target)
    return target.getvalue()


@given(VALUES, st.booleans(), st.booleans())
def test_masked_json_is_json_of_the_same_shape_and_masked_once(
    value: Any, is_ascii: bool, is_slash_escaped: bool
) -> None:
    text = json.dumps(value, ensure_ascii=is_ascii)
    text = text.replace("/", r"\/") if is_slash_escaped else text
    body = mask(text.encode("utf-8", "surrogatepass"))
    assert shape(json.loads(body.decode("utf-8", "surrogatepass"))) == shape(value)
    assert mask(body) == body


def test_masking_what_is_masked_changes_nothing(masked: Masked) -> None:
    body = b'{"a":"tel:+15550100 a@x.example ?token=abc Bearer abcdefghij","token":"t"}'
    once, counts = masked(body)
    assert sum(counts.values()) == 5
    assert masked(once) == (once, {})


def test_another_encoding_hides_nothing(masked: Masked) -> None:
    body, counts = masked('{"a":"owner@example.com"}'.encode("utf-16"))
    assert body == b'{"a":"[email]"}'
    assert counts == {"email": 1}
