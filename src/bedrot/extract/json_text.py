"""JSON as text: read without any number passing through a float, and outlined where it is broken."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from bedrot.errors import RejectedPayloadError

HALF_LOADED = "half_loaded"
UNREADABLE_RECORD = "unreadable_record"
UNREADABLE_VALUE = "unreadable_value"

SAVE_AGAIN = "wait until the page is drawn in full, and save the response again"

_STRING = r'"(?:[^"\\]|\\.)*+"'
_TOKEN = re.compile(rf'({_STRING})(\s*:)?|([\[{{])|([\]}}])|(")', re.DOTALL)
_FLAT_OBJECT = re.compile(rf'\{{(?:[^{{}}\[\]"]|{_STRING})*+\}}', re.DOTALL)
_LINE_BREAK = re.compile(r"\s*[\r\n]+\s*")
_MARK = "\ufeff"
_MEMBER_DEPTH = 3
"""Of `{"streams": [{"date": …`: the object, its list, the list's object."""


class Number(str):
    """A number as JSON writes it: its digits, never a float."""

    __slots__ = ()


@dataclass(slots=True)
class Outline:
    """The names at the top of a document, and those of the members beneath, as far as it goes."""

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


def outline(text: str, member_depth: int = _MEMBER_DEPTH) -> Outline:
    """What a document is made of, whether it can be parsed or not.

    Members are told of the objects at `member_depth`, by the name at the top that they stand
    under: 3 is an object in a list at the top, 2 an object at the top.
    """
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
        elif colon and depth == member_depth and owner:
            found.members[owner].add(name[1:-1])
    found.is_closed = depth <= 0
    return found


def all_names(text: str) -> frozenset[str]:
    """The names of all members at any depth, as far as the document goes, with escapes resolved."""
    return frozenset(_unescaped(name) for name in {t[1] for t in _TOKEN.finditer(text) if t[2]})


def parsed(text: str, *, next_step: str = SAVE_AGAIN) -> Mapping[str, Any]:
    """The object that the text holds; every number is the text in which it is written: a `Number`.

    Args:
        text: The document.
        next_step: What a person does about a document that cannot be read.

    Raises:
        RejectedPayloadError: The text ends early, is no JSON, is nested too deep, is no object,
            or an object names a member twice.
    """
    try:
        document = json.loads(
            text,
            parse_float=Number,
            parse_int=Number,
            parse_constant=partial(_refused_constant, next_step),
            object_pairs_hook=partial(_members, next_step),
        )
    except RecursionError as exc:
        msg = "the response is nested deeper than any that the platform gives"
        raise RejectedPayloadError(
            msg, code=UNREADABLE_RECORD, seen=msg, next_step=next_step
        ) from exc
    except json.JSONDecodeError as exc:
        raise _broken(text, exc, next_step) from exc
    if not isinstance(document, dict):
        msg = "the response is no JSON object"
        raise RejectedPayloadError(msg, code=UNREADABLE_RECORD, seen=text[:60], next_step=next_step)
    return document


def written(value: Any) -> str:  # noqa: ANN401 - any JSON value
    """JSON in one line, with numbers digit for digit as they came."""
    if isinstance(value, Number):
        return str(value)
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{written(key)}: {written(of)}" for key, of in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(written(item) for item in value) + "]"
    return whole_text(json.dumps(value, ensure_ascii=False))


def whole_text(text: str) -> str:
    """A text with U+FFFD for each half of a character: JSON can escape one, and no file holds it."""
    if text.isascii():
        return text
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def flat_objects(text: str) -> list[str]:
    """The objects that hold no others, in the order of the text, each in one line."""
    return [_LINE_BREAK.sub(" ", found[0]) for found in _FLAT_OBJECT.finditer(text)]


def _broken(text: str, exc: json.JSONDecodeError, next_step: str) -> RejectedPayloadError:
    if outline(text).is_closed:
        return RejectedPayloadError(
            f"the response is no JSON: {exc.msg.lower()} in line {exc.lineno}",
            code=UNREADABLE_RECORD,
            seen=f"`{text[max(0, exc.pos - 30) :][:60]}`",
            next_step=next_step,
        )
    return RejectedPayloadError(
        "the response was cut off, or saved before it was whole: its end is missing",
        code=HALF_LOADED,
        seen=f"it ends with `{text[-60:]}`",
        next_step=next_step,
    )


def _unescaped(name: str) -> str:
    if "\\" not in name:
        return name[1:-1]
    try:
        return str(json.loads(name, strict=False))
    except json.JSONDecodeError:  # an escape that JSON does not know
        return name[1:-1]


def _refused_constant(next_step: str, name: str) -> str:
    raise _unreadable(name, "it is no number that JSON knows", next_step)


def _members(next_step: str, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise _unreadable(twice, "the name stands twice in one object", next_step)
    return members


def _unreadable(place: str, why: str, next_step: str) -> RejectedPayloadError:
    return RejectedPayloadError(
        f"`{place}` cannot be read: {why}",
        code=UNREADABLE_VALUE,
        seen=f"{place}: {why}",
        next_step=next_step,
    )
