"""One object of a Meta file: its fields as text, each checked for what is due there."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from bedrot.sources.metaads.document_errors import (
    MISSING_FIELD,
    UNREADABLE_RECORD,
    rejected,
    reshaped_id,
    unreadable_value,
)

_ID = re.compile(r"[0-9]{1,32}")
_EXPONENT = re.compile(r"[0-9.,]+[eE][+-]?[0-9]+")
_INTEGER = re.compile(r"-?[0-9]{1,18}")
_DECIMAL = re.compile(r"-?[0-9]{1,10}(?:\.[0-9]{1,12})?")
_RATIO = re.compile(r"-?[0-9]{1,10}(?:\.[0-9]{1,30})?")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_MOMENT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:Z|[+-][0-9]{2}:?[0-9]{2})"
)
_RATIO_SCALE = Decimal("0.000000000001")


class Number(str):
    """A number as JSON writes it: its digits, never a float."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Row:
    """One object, and where it stands in the file, such as `data[3]`.

    Every reader gives None where the field is missing, null or empty.
    """

    place: str
    fields: Mapping[str, Any]

    @property
    def record(self) -> str:
        """The object as JSON on one line."""
        return written(self.fields)

    def text(self, key: str) -> str | None:
        """The field as text.

        Raises:
            RejectedPayloadError: it is an object or a list.
        """
        value = self.fields.get(key)
        if value is None or value == "":
            return None
        if isinstance(value, bool):
            return "true" if value else "false"
        if not isinstance(value, str):
            raise unreadable_value(self.place, key, written(value), "text")
        return whole_text(value)

    def identifier(self, key: str) -> str | None:
        """An id: digits and nothing else, as text.

        Raises:
            RejectedPayloadError: it is none, such as `1.20225E+17`.
        """
        value = self.text(key)
        if value is None or _ID.fullmatch(value):
            return value
        if _EXPONENT.fullmatch(value.strip()):
            raise reshaped_id(self.place, key, value)
        raise unreadable_value(self.place, key, value, "id")

    def needed_identifier(self, key: str) -> str:
        """An id without which the object is nobody's.

        Raises:
            RejectedPayloadError: it is missing, or is no id.
        """
        value = self.identifier(key)
        if value is None:
            msg = f"{self.place} has no `{key}`: nobody can tell whose figures these are"
            raise rejected(msg, MISSING_FIELD, seen=f"{self.place}: {self.record[:160]}")
        return value

    def integer(self, key: str) -> str | None:
        """A whole number."""
        return self._matching(key, _INTEGER, "whole number")

    def decimal(self, key: str) -> str | None:
        """An exact decimal of up to twelve places."""
        return self._matching(key, _DECIMAL, "decimal number")

    def ratio(self, key: str) -> str | None:
        """A quotient that Meta worked out; what exceeds twelve places is rounded away."""
        value = self._matching(key, _RATIO, "decimal number")
        if value is None or len(value.partition(".")[2]) <= 12:
            return value
        return format(Decimal(value).quantize(_RATIO_SCALE), "f")

    def day(self, key: str) -> date | None:
        """A day as YYYY-MM-DD."""
        value = self._matching(key, _DAY, "day as YYYY-MM-DD")
        if value is None:
            return None
        try:
            return date.fromisoformat(value)
        except ValueError:
            raise unreadable_value(self.place, key, value, "day as YYYY-MM-DD") from None

    def moment(self, key: str) -> str | None:
        """A time with its zone, as seconds since 1970-01-01 UTC.

        Meta writes «never» as 0 or as the first second of 1970; that is None here.
        """
        if self.text(key) == "0":
            return None
        value = self._matching(key, _MOMENT, "time with a zone")
        if value is None:
            return None
        try:
            seconds = int(datetime.fromisoformat(value).astimezone(UTC).timestamp())
        except (ValueError, OverflowError):
            raise unreadable_value(self.place, key, value, "time with a zone") from None
        return str(seconds) if seconds > 0 else None

    def inner(self, key: str) -> Row | None:
        """An object inside this one.

        Raises:
            RejectedPayloadError: it is something else.
        """
        value = self.fields.get(key)
        if value is None:
            return None
        if not isinstance(value, dict):
            raise unreadable_value(self.place, key, written(value), "object")
        return Row(f"{self.place}.{key}", value)

    def items(self, key: str) -> list[Any]:
        """A list inside this object; empty where it is missing or null.

        Raises:
            RejectedPayloadError: it is something else.
        """
        value = self.fields.get(key)
        if value is None:
            return []
        if not isinstance(value, list):
            raise unreadable_value(self.place, key, written(value), "list")
        return value

    def rows(self, key: str) -> list[Row]:
        """A list of objects inside this one.

        Raises:
            RejectedPayloadError: it is something else.
        """
        return as_rows(self.items(key), f"{self.place}.{key}")

    def json(self, key: str) -> str | None:
        """A part of the object as JSON in a fixed order, so that equal parts are equal text."""
        value = self.fields.get(key)
        return None if value is None else written(value, in_order=True)

    def _matching(self, key: str, form: re.Pattern[str], due: str) -> str | None:
        value = self.text(key)
        if value is not None and not form.fullmatch(value):
            raise unreadable_value(self.place, key, value, due)
        return value


def as_rows(values: Sequence[Any], place: str) -> list[Row]:
    """The objects of a list.

    Raises:
        RejectedPayloadError: one of them is no object.
    """
    found = []
    for index, value in enumerate(values):
        if not isinstance(value, dict):
            msg = f"{place}[{index}] is no object: `{written(value)[:60]}`"
            raise rejected(msg, UNREADABLE_RECORD, seen=f"{place}[{index}]")
        found.append(Row(f"{place}[{index}]", value))
    return found


def written(value: Any, *, in_order: bool = False) -> str:  # noqa: ANN401 - any JSON value
    """JSON on one line, with numbers digit for digit as they came.

    `in_order` sorts keys and the members of lists: the order of Meta's lists says nothing.
    """
    if isinstance(value, Number):
        return str(value)
    if isinstance(value, Mapping):
        pairs = sorted(value.items()) if in_order else value.items()
        inner = (f"{written(key)}: {written(item, in_order=in_order)}" for key, item in pairs)
        return "{" + ", ".join(inner) + "}"
    if isinstance(value, list | tuple):
        parts = [written(item, in_order=in_order) for item in value]
        return "[" + ", ".join(sorted(parts) if in_order else parts) + "]"
    return whole_text(json.dumps(value, ensure_ascii=False))


def whole_text(text: str) -> str:
    """A text with U+FFFD for each half of a character: JSON can escape one, and no file holds it."""
    if text.isascii():
        return text
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
