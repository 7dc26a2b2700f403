"""Members of Linktree's responses as text, each checked for what is due there."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from bedrot.extract.json_text import Number, whole_text
from bedrot.sources.linktree.response_errors import unreadable

Item = Mapping[str, Any]

_DIGITS = re.compile(r"[0-9]{1,18}")
_NUMBER = re.compile(r"[0-9]{1,10}(?:\.[0-9]{1,40})?(?:[eE]-[0-9]{1,2})?")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_SCALE = Decimal("0.000000000001")


def item_of(value: Any, place: str) -> Item:  # noqa: ANN401 - what the response holds
    """An object; what is null or missing is one without members.

    Raises:
        RejectedPayloadError: It is something else.
    """
    if value is None:
        return {}
    if not isinstance(value, Mapping):
        raise unreadable(place, f"`{str(value)[:40]}` is no object")
    return value


def items_of(value: Any, place: str) -> Iterator[tuple[str, Item]]:  # noqa: ANN401 - the same
    """The objects of a list, each with its place; what is null or missing has none.

    Raises:
        RejectedPayloadError: It is no list of objects.
    """
    if value is None:
        return
    if not isinstance(value, list):
        raise unreadable(place, f"`{str(value)[:40]}` is no list")
    for number, item in enumerate(value):
        inner = f"{place}[{number}]"
        if not isinstance(item, Mapping):
            raise unreadable(inner, f"`{str(item)[:40]}` is no object")
        yield inner, item


def figure(item: Item, name: str, place: str) -> str | None:
    """A whole number from 0, by itself or as the total of an object; null where that says null.

    Raises:
        RejectedPayloadError: It is missing or something else.
    """
    value = _needed(item, name, place)
    if isinstance(value, Mapping):
        return figure(value, "total", f"{place}.{name}")
    if value is None or (isinstance(value, str) and _DIGITS.fullmatch(value)):
        return value
    raise unreadable(place, f"`{str(value)[:40]}` is not a whole number from 0", member=name)


def ratio(item: Item, name: str, place: str) -> str | None:
    """A quotient that Linktree worked out; what exceeds twelve places is rounded away.

    Raises:
        RejectedPayloadError: It is no number from 0.
    """
    value = item.get(name)
    if value is None:
        return None
    if not isinstance(value, Number) or not _NUMBER.fullmatch(value):
        raise unreadable(place, f"`{str(value)[:40]}` is not a number from 0", member=name)
    plain = format(Decimal(value), "f")
    if len(plain.partition(".")[2]) <= 12:
        return plain
    return format(Decimal(value).quantize(_SCALE), "f")


def day(item: Item, name: str, place: str) -> str:
    """A day as YYYY-MM-DD.

    Raises:
        RejectedPayloadError: It is missing or none.
    """
    value = _needed(item, name, place)
    try:
        # The form first: other forms are ISO dates too, and none that Linktree writes.
        given = value if isinstance(value, str) and _DAY.fullmatch(value) else ""
        return date.fromisoformat(given).isoformat()
    except ValueError as exc:
        why = f"`{str(value)[:40]}` is not a day as YYYY-MM-DD"
        raise unreadable(place, why, member=name) from exc


def identifier(item: Item, name: str, place: str) -> str:
    """An id: digits and nothing else, as text.

    Raises:
        RejectedPayloadError: It is missing or none, such as `4.5E+08`.
    """
    value = _needed(item, name, place)
    if isinstance(value, str) and _DIGITS.fullmatch(value):
        return value
    raise unreadable(place, f"`{str(value)[:40]}` is not an id", member=name)


def text(item: Item, name: str, place: str) -> str | None:
    """A text; null where the response says nothing.

    Raises:
        RejectedPayloadError: It is something else.
    """
    value = item.get(name)
    if value is None:
        return None
    if not isinstance(value, str):
        raise unreadable(place, f"`{str(value)[:40]}` is no text", member=name)
    return whole_text(str(value))


def flag(item: Item, name: str, place: str) -> str | None:
    """Whether something is so: `true` or `false`.

    Raises:
        RejectedPayloadError: It is something else.
    """
    value = item.get(name)
    if value is None:
        return None
    if not isinstance(value, bool):
        raise unreadable(place, f"`{str(value)[:40]}` is neither true nor false", member=name)
    return "true" if value else "false"


def _needed(item: Item, name: str, place: str) -> Any:  # noqa: ANN401 - what the response holds
    if name not in item:
        raise unreadable(place, f"it has no `{name}`")
    return item[name]
