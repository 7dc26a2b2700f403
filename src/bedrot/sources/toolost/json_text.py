"""JSON as text: read without any number passing through a float, and outlined where it is broken."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bedrot.sources.toolost.response_errors import (
    HALF_LOADED,
    UNREADABLE_RECORD,
    rejected,
    unreadable,
)

_STRING = r'"(?:[^"\\]|\\.)*+"'
_TOKEN = re.compile(rf'({_STRING})(\s*:)?|([\[{{])|([\]}}])|(")', re.DOTALL)
_FLAT_OBJECT = re.compile(rf'\{{(?:[^{{}}\[\]"]|{_STRING})*+\}}', re.DOTALL)
_LINE_BREAK = re.compile(r"\s*[\r\n]+\s*")
_MARK = "\ufeff"
_MEMBER_DEPTH = 3
"""Of `{"streams": [{"date": …`: the object, its list, the list's object."""


@dataclass(slots=True)
class Outline:
    """The names at the top of a document, and of the objects in its lists, as far as it goes."""

    members: dict[str, set[str]] = field(default_factory=dict)
    is_closed: bool = False


def decoded(content: bytes) -> str:
    """The text of a document: UTF-8 or UTF-16 or -32, with or without a mark, else cp1252."""
    encoding = json.detect_encoding(content)
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError:
        fallback = "cp1252" if encoding.startswith("utf-8") else encoding
        text = content.decode(fallback, errors="replace")
    return text.lstrip(_MARK).strip()


def outline(text: str) -> Outline:
    """What a document is made of, whether it can be parsed or not."""
    found = Outline()
    depth, owner = 0, ""
    for token in _TOKEN.finditer(text):
        name, colon, opening, closing, quote = token.groups()
        if quote:  # a text without an end: nothing after it can be told apart
            return found
        if opening:
            depth += 1
        elif closing:
            depth -= 1
        elif colon and depth == 1:
            owner = name[1:-1]
            found.members.setdefault(owner, set())
        elif colon and depth == _MEMBER_DEPTH and owner:
            found.members[owner].add(name[1:-1])
    found.is_closed = depth <= 0
    return found


def parsed(text: str) -> Mapping[str, Any]:
    """The object that the text holds; every number is the text in which it is written.

    Raises:
        RejectedPayloadError: The text ends early, is no JSON, is nested too deep, is no object,
            or an object names a member twice.
    """
    try:
        document = json.loads(
            text,
            parse_float=str,
            parse_int=str,
            parse_constant=_refused_constant,
            object_pairs_hook=_members,
        )
    except RecursionError as exc:
        msg = "the response is nested deeper than any that the portal gives"
        raise rejected(msg, UNREADABLE_RECORD) from exc
    except json.JSONDecodeError as exc:
        raise _broken(text, exc) from exc
    if not isinstance(document, dict):
        msg = "the response is no JSON object"
        raise rejected(msg, UNREADABLE_RECORD, seen=text[:60])
    return document


def flat_objects(text: str) -> list[str]:
    """The objects that hold no others, in the order of the text, each in one line."""
    return [_LINE_BREAK.sub(" ", found[0]) for found in _FLAT_OBJECT.finditer(text)]


def _broken(text: str, exc: json.JSONDecodeError) -> Exception:
    if outline(text).is_closed:
        msg = f"the response is no JSON: {exc.msg.lower()} in line {exc.lineno}"
        return rejected(msg, UNREADABLE_RECORD, seen=f"`{text[max(0, exc.pos - 30) :][:60]}`")
    msg = "the response was cut off, or saved before it was whole: its end is missing"
    return rejected(msg, HALF_LOADED, seen=f"it ends with `{text[-60:]}`")


def _refused_constant(name: str) -> str:
    raise unreadable(name, "it is no number that JSON knows")


def _members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise unreadable(twice, "the name stands twice in one object")
    return members
