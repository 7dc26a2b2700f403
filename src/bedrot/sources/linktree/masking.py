"""Masking what must not land: e-mail addresses, phone numbers and tokens in links and their titles."""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Mapping
from typing import BinaryIO

from bedrot.extract.json_text import decoded

_OPAQUE = "\0"
"""Stands for an escaped quote or backslash: no part of any secret, and no end of a text."""
_ESCAPE = re.compile(
    r"\\(?:u(?P<high>d[89ab][0-9a-f]{2})\\u(?P<low>d[c-f][0-9a-f]{2})"
    r"|u(?P<code>[0-9a-f]{4})|(?P<sign>.))",
    re.IGNORECASE | re.DOTALL,
)
_SIGNS = {"/": "/", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}

# Letters of any alphabet with the marks that stand above or below them, and those of cp1252.
_LETTER = r"\w\u0300-\u036f\u0590-\u109f\udcc0-\udcff"
_LOCAL = rf"{_LETTER}.+\-"
_LABEL = rf"(?:[{_LETTER}-]|%[89a-f][0-9a-f])+"
_COLON = r"(?::|%3a)"
_PLUS = r"(?:\+|%2b)"
_GAP = r"(?:%20|[().\x20\u00a0\u202f\u2010-\u2015-])"
_NUMBER = rf"(?:{_PLUS}|%20|\()*[0-9](?:{_GAP}*[0-9]){{3,}}"
_AND = r"(?:[?&;#]|%3f|%26|%23)"
_IS = r"(?:=|%3d)"
_VALUE = r"[^&\"'\\\s<>;\0]"
_CREDENTIAL = (
    r"(?:[\w-]{0,40}(?:token|secret|password)|[\w-]{0,20}api[_-]?key|auth|session(?:[_-]?id)?"
    r"|sig|signature|x-amz-[a-z-]+|passwd|pwd)"
)
_PHONE = r"(?:(?:[\w-]{0,20}phone|mobile|tel)(?:[_-]?(?:number|no))?)"
# A group is named after what it masks; what stands before it tells what it was, and stays.
_SECRETS = re.compile(
    rf"""
    (?<![{_LOCAL}%]) (?P<email> (?:[{_LOCAL}]|%(?!40))++ (?:@|%40)(?![0-9]x\.)
        {_LABEL}(?:\.{_LABEL})+ )
  | \b(?:
        (?:(?:tel|sms|callto){_COLON}|wa\.me/) (?P<phone> {_NUMBER} )
        # An invitation to a group starts with a plus sign too, and is no number.
      | (?:t(?:elegram)?\.me/|signal\.me/(?:\#|%23)p/) (?P<phone_link> {_PLUS}[0-9]{{5,}}+(?![\w-]) )
      | Bearer\s+ (?P<token_bearer> [\w.~+/=|-]{{8,}} )
      | (?P<token> eyJ[\w-]{{8,}}\.[\w-]{{4,}}(?:\.[\w-]*)? )
    )
  | {_AND}(?:
        {_PHONE}{_IS} (?P<phone_param> {_NUMBER} )
      | {_CREDENTIAL}{_IS} (?!\[token\](?!{_VALUE})) (?P<token_param> {_VALUE}+ )
    )
  | "(?:
        {_PHONE}"\s*:\s*" (?P<phone_field> (?![^"]*://)(?=(?:[^"0-9]*[0-9]){{5}})[^"]+ )
      | {_CREDENTIAL}"\s*:\s*" (?!\[token\](?:"|\Z)) (?P<token_field> [^"]+ )
    )
    """,
    re.VERBOSE | re.IGNORECASE,
)


def mask_response(source: BinaryIO, target: BinaryIO) -> Mapping[str, int]:
    """Copy a response without addresses, phone numbers and tokens; nothing else changes.

    What is escaped is known as what it stands for. Masking a masked response changes nothing. One
    that is not written in UTF-8 becomes so. Returns how often each kind was masked.
    """
    content = source.read()
    if json.detect_encoding(content).startswith(("utf-16", "utf-32")):
        content = decoded(content).encode("utf-8", "surrogatepass")
    # Halves of characters and bytes that are no UTF-8 go through as they are.
    odd = "surrogatepass"
    try:
        text = content.decode("utf-8", odd)
    except UnicodeDecodeError:
        odd = "surrogateescape"
        text = content.decode("utf-8", odd)
    counts: Counter[str] = Counter()
    found = -1
    # What stood beside a secret may read as one once it is gone.
    while found < counts.total():
        found = counts.total()
        text = _masked(text, counts)
    target.write(text.encode("utf-8", odd))
    return dict(sorted(counts.items()))


def _masked(text: str, counts: Counter[str]) -> str:
    told, place = _told(text)
    pieces: list[str] = []
    at = 0
    for found in _SECRETS.finditer(told):
        group = str(found.lastgroup)
        kind = group.partition("_")[0]
        pieces += (text[at : place(found.start(group))], f"[{kind}]")
        at = place(found.end(group))
        counts[kind] += 1
    return "".join([*pieces, text[at:]])


def _told(text: str) -> tuple[str, Callable[[int], int]]:
    """A text with its escapes resolved, and where each place of that is in the text itself."""
    pieces: list[str] = []
    ends: list[int] = []
    lengths = [0]
    at = 0
    for found in _ESCAPE.finditer(text):
        pieces += (text[at : found.start()], _character(found))
        at = found.end()
        lengths.append(lengths[-1] + len(found[0]) - 1)
        ends.append(at - lengths[-1])
    return "".join([*pieces, text[at:]]), lambda place: place + lengths[bisect_right(ends, place)]


def _character(found: re.Match[str]) -> str:
    if found["sign"]:
        return _SIGNS.get(found["sign"], _OPAQUE)
    if found["code"]:
        character = chr(int(found["code"], 16))
        # Half a character is none of the bytes that are no UTF-8.
        is_half = "\ud800" <= character <= "\udfff"
        return _OPAQUE if character in '"\\' or is_half else character
    high, low = int(found["high"], 16), int(found["low"], 16)
    return chr(0x10000 + ((high & 0x3FF) << 10) + (low & 0x3FF))
