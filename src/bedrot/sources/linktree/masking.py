"""Masking what must not land: e-mail addresses, phone numbers and tokens in links and their titles."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Mapping
from typing import BinaryIO

from bedrot.extract.json_text import decoded

_AT = rb"(?:@|%40|\\u0040)"
_COLON = rb"(?::|%3[Aa]|\\u003[Aa])"
_IS = rb"(?:=|%3[Dd]|\\u003[Dd])"
_AND = rb"(?:[?&;#]|\\u0026)"
_SECRET_NAMES = (
    rb"(?:access_token|refresh_token|id_token|token|api_?key|auth|client_secret|secret|session"
    rb"|sig|signature|x-amz-[a-z-]+|password|passwd|pwd)"
)
_SECRETS = re.compile(
    rb"""
    (?P<email> (?<![A-Za-z0-9._%%+-])(?:%%(?!40)|[A-Za-z0-9._+-])+%(at)b(?![0-9]x\.)
        [A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+ )
  | (?P<phone> (?P<scheme>\b(?:(?:tel|sms|callto)%(colon)b|wa\.me\\?/))
        (?:%%2[Bb]|\+)?[0-9][0-9().%%\x20-]{4,} )
  | (?P<param> (?P<name>%(and)b%(names)b%(is)b) (?!\[token\]) [^&"'\\\s<>;]+ )
  | (?P<field> (?P<label>"%(names)b"\s*:\s*") (?!\[token\]) (?:[^"\\]|\\.)+ )
  | (?P<bearer> (?P<word>\bBearer\s+)[\w.~+/=|-]{8,} )
  | (?P<jwt> \beyJ[\w-]{8,}\.[\w-]{4,}(?:\.[\w-]*)? )
    """
    % {b"at": _AT, b"and": _AND, b"colon": _COLON, b"names": _SECRET_NAMES, b"is": _IS},
    re.VERBOSE | re.IGNORECASE,
)
_KINDS = {
    "email": "email",
    "phone": "phone",
    "param": "token",
    "field": "token",
    "bearer": "token",
    "jwt": "token",
}
_KEPT = {"phone": "scheme", "param": "name", "field": "label", "bearer": "word"}
"""What stands before a secret and tells what it was."""


def mask_response(source: BinaryIO, target: BinaryIO) -> Mapping[str, int]:
    """Copy a response without addresses, phone numbers and tokens; nothing else changes.

    Masking a masked response changes nothing. One that is not written in UTF-8 becomes so.
    Returns how often each kind was masked.
    """
    content = source.read()
    if json.detect_encoding(content).startswith(("utf-16", "utf-32")):
        content = decoded(content).encode("utf-8", "surrogatepass")
    counts: Counter[str] = Counter()

    def masked(found: re.Match[bytes]) -> bytes:
        form = next(name for name in _KINDS if found[name] is not None)
        counts[_KINDS[form]] += 1
        before = found[_KEPT[form]] if form in _KEPT else b""
        return before + f"[{_KINDS[form]}]".encode()

    target.write(_SECRETS.sub(masked, content))
    return dict(sorted(counts.items()))
