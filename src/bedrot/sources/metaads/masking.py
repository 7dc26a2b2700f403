"""Masking what must not land: access tokens in paging addresses, and e-mail addresses."""

from __future__ import annotations

import codecs
import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import BinaryIO

from bedrot.sources.metaads import export

_BLOCK = 4 << 20
_HEAD_BYTES = 1 << 20
_SECRET_NAMES = (
    rb"(?:access_token|input_token|fb_exchange_token|appsecret_proof|client_secret|app_secret"
    rb"|signed_request|session_key)"
)
_SECRETS = re.compile(
    rb"""
    (?P<param> %b (?:=|%%3[Dd]|\\u003[Dd]) ) (?P<param_value> [^&"'\\\s<>,}\[%%]+ (?:%%(?!26)[^&"'\\\s<>,}\[%%]*)* )
  | (?P<field> ["']%b["']\s*:\s*["'] ) (?P<field_value> [^"'\[]+ )
  | (?P<bearer> \bBearer\s+ ) (?P<bearer_value> [\w.~+/=|-]{8,} )
  | (?P<token> (?<![A-Za-z0-9])EAA[A-Za-z0-9]{20,} )
  | (?P<email> (?<![A-Za-z0-9._%%+-])[A-Za-z0-9._%%+-]+(?:@|%%40|\\u0040)[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+ )
    """
    % (_SECRET_NAMES, _SECRET_NAMES),
    re.VERBOSE,
)
_ACCOUNT = re.compile(
    rb'"account_id"\s*:\s*"?(?:act_)?([0-9]{3,20})|graph\.facebook\.com\\?/[\w.]*\\?/?act_([0-9]{3,20})'
)
_ACCOUNT_ID = re.compile(r"(?:act_)?([0-9]{3,20})")


def mask_tokens(source: BinaryIO, target: BinaryIO) -> Mapping[str, int]:
    """Copy a file without access tokens and e-mail addresses; nothing else changes.

    Masking a masked file changes nothing. Returns how often each kind was masked.
    """
    counts: Counter[str] = Counter()
    head = source.read(4)
    wide = _wide_encoding(head)
    if wide is None:
        target.writelines(_masked(piece, counts) for piece in _pieces(head, source))
    else:
        text = (head + source.read()).decode(wide, errors="replace")
        target.write(_masked(text.encode(), counts).decode().encode(wide))
    return dict(sorted(counts.items()))


def holder(path: Path) -> str | None:
    """A fingerprint of the ad account whose figures a file holds, where it names one.

    JSON names it in its rows and addresses, an export in the column `Account ID`.
    """
    with path.open("rb") as file:
        head = file.read(_HEAD_BYTES)
    wide = _wide_encoding(head[:4])
    found = _ACCOUNT.search(head.decode(wide, errors="replace").encode() if wide else head)
    if found is not None:
        account = found[1] or found[2]
    else:
        told = _ACCOUNT_ID.fullmatch(export.account_of(path) or "")
        if told is None:
            return None
        account = told[1].encode()
    return f"holder-{hashlib.sha256(b'metaads|' + account).hexdigest()[:16]}"


def _wide_encoding(head: bytes) -> str | None:
    """UTF-16 or UTF-32 with its order of bytes, so that a mark stays in the text; None if neither."""
    encoding = json.detect_encoding(head)
    if not encoding.startswith(("utf-16", "utf-32")):
        return None
    if encoding.endswith(("-le", "-be")):
        return encoding
    return f"{encoding}-{'le' if head.startswith(codecs.BOM_UTF16_LE) else 'be'}"


def _pieces(head: bytes, source: BinaryIO) -> Iterator[bytes]:
    """The bytes in pieces that end behind a comma: no secret has one inside."""
    held = head
    while block := source.read(_BLOCK):
        held += block
        cut = held.rfind(b",") + 1
        if cut:
            yield held[:cut]
            held = held[cut:]
    yield held


def _masked(content: bytes, counts: Counter[str]) -> bytes:
    def masked(found: re.Match[bytes]) -> bytes:
        kind = str(found.lastgroup).removesuffix("_value")
        counts["email" if kind == "email" else "token"] += 1
        if kind == "email":
            return b"[email]"
        return (b"" if kind == "token" else found[kind]) + b"[token]"

    return _SECRETS.sub(masked, content)
