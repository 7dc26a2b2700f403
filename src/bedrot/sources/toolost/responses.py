"""The portal's analytics responses: which one a file is, its lists, and whether its totals agree."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bedrot.extract import json_text
from bedrot.extract.streams import Note, Recognition
from bedrot.sources.toolost.response_errors import (
    EMPTY,
    MISSING_LIST,
    SAVE_AGAIN,
    TOO_LARGE,
    rejected,
    unreadable,
)

if TYPE_CHECKING:
    from bedrot.extract.streams import Stream

_LARGEST = 8 * 1024 * 1024
"""Hundreds of times the largest response known: a year of daily figures is 30 kB."""
_HEAD_BYTES = 256 * 1024
_STARTS = re.compile(rb"(?:\xef\xbb\xbf|\xff\xfe|\xfe\xff|\x00|[ \t\r\n])*\{")
_DIGITS = re.compile(r"[0-9]{1,18}")
_AMOUNT = re.compile(r"-?[0-9]{1,10}(?:\.[0-9]{1,12})?")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """One response: its lists with the names of their members, and single figures beside them.

    The first list is the one without which the response says nothing.
    """

    name: str
    title: str
    lists: Mapping[str, tuple[str, ...]]
    figures: tuple[str, ...] = ()


SPOTIFY = Shape(
    name="spotify",
    title="Spotify",
    lists={"streams": ("date", "streams"), "discovery": ("date", "streams", "fees")},
)
APPLE = Shape(
    name="apple",
    title="Apple Music",
    lists={
        "totalStreams": ("date", "streams"),
        "totalShazam": ("date", "streams"),
        "tracksTotal": ("isrc", "streams", "track", "release", "cover"),
        "countryTotal": ("country", "streams"),
    },
    figures=("streamTotal",),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One object of a list; every value is text as written, null where the response says so."""

    values: Mapping[str, str | None]
    place: str
    record: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """A whole response. A list that it lacks, or gives as null, holds no rows."""

    shape: Shape
    lists: Mapping[str, Sequence[Row]]
    told: frozenset[str]
    figures: Mapping[str, str | None]
    notes: Sequence[Note] = field(default=())


def recognise_spotify(path: Path, stream: Stream) -> Recognition | None:
    """A response of the portal's Spotify analytics, whole or cut."""
    return _recognise(path, stream, SPOTIFY)


def recognise_apple(path: Path, stream: Stream) -> Recognition | None:
    """A response of the portal's Apple Music analytics, whole or cut."""
    return _recognise(path, stream, APPLE)


def read_response(path: Path, shape: Shape) -> Response:
    """Read a response and every value of its lists.

    Raises:
        RejectedPayloadError: It is not whole, or a value is not what it has to be.
    """
    size = path.stat().st_size
    if size > _LARGEST:
        msg = f"the response has {size} bytes, and the largest that is read {_LARGEST}"
        raise rejected(msg, TOO_LARGE)
    text = json_text.decoded(path.read_bytes())
    document = json_text.parsed(text, next_step=SAVE_AGAIN)
    lead = next(iter(shape.lists))
    if lead not in document:
        msg = f"the response has no list `{lead}`"
        raise rejected(msg, MISSING_LIST, seen=f"its names: {', '.join(document)[:200]}")
    records = _records(text, document)
    notes = list(_document_notes(document, shape))
    lists = {
        name: tuple(_rows(document.get(name), shape, name, records.get(name, ())))
        for name in shape.lists
    }
    notes += _null_notes(lists)
    return Response(
        shape=shape,
        lists=lists,
        told=frozenset(name for name in shape.lists if isinstance(document.get(name), list)),
        figures={name: _figure(document.get(name), name) for name in shape.figures},
        notes=notes,
    )


def refuse_nothing(response: Response) -> None:
    """Refuse a response that holds no row of any list.

    Raises:
        RejectedPayloadError: With code `empty`.
    """
    if not any(response.lists.values()):
        names = ", ".join(f"`{name}`" for name in response.shape.lists)
        msg = f"the response holds no figures of {response.shape.title}: {names} are empty"
        raise rejected(msg, EMPTY)


def day_of(row: Row) -> date:
    """The day of a row, whose form was checked when it was read."""
    return date.fromisoformat(str(row.values["date"]))


def _recognise(path: Path, stream: Stream, shape: Shape) -> Recognition | None:
    with path.open("rb") as file:
        head = file.read(_HEAD_BYTES)
    if not _STARTS.match(head) or not _names_any(head, shape):
        return None
    found = json_text.outline(json_text.decoded(head)).members
    if not _is_shaped(found, shape):
        return None
    return Recognition(stream=stream.name, sign=f"TooLost's analytics response for {shape.title}")


def _names_any(head: bytes, shape: Shape) -> bool:
    plain = head.replace(b"\0", b"")  # UTF-16 writes a zero byte beside each of these letters
    return any(f'"{name}"'.encode() in plain for name in shape.lists)


def _is_shaped(found: Mapping[str, set[str]], shape: Shape) -> bool:
    """Whether the names are the response's: two of them, or one and nothing else.

    A list whose objects carry none of its members is somebody else's.
    """
    ours = [name for name in shape.lists if name in found]
    fitting = [name for name in ours if not found[name] or found[name] & set(shape.lists[name])]
    known = {*shape.lists, *shape.figures}
    named = [name for name in found if name in known]
    return bool(fitting) and fitting == ours and (len(named) > 1 or len(found) == 1)


def _records(text: str, document: Mapping[str, Any]) -> dict[str, Sequence[str]]:
    """The objects of every list as they stand in the text, where they hold no others."""
    flat = json_text.flat_objects(text)
    lists = {name: value for name, value in document.items() if isinstance(value, list)}
    rows = [row for value in lists.values() for row in value]
    if len(flat) != len(rows) or any(_holds_more(row) for row in rows):
        return {}
    records: dict[str, Sequence[str]] = {}
    for name, value in lists.items():
        records[name], flat = flat[: len(value)], flat[len(value) :]
    return records


def _holds_more(row: Any) -> bool:  # noqa: ANN401 - what the response holds
    members = row.values() if isinstance(row, dict) else [row]
    return any(isinstance(member, dict | list) for member in members)


def _document_notes(document: Mapping[str, Any], shape: Shape) -> Iterator[Note]:
    for name in (*shape.lists, *shape.figures):
        if document.get(name) is None:
            how = "is null" if name in document else "is missing"
            yield Note(code="missing_list", text=f"`{name}` {how} in the response")
    unknown = [name for name in document if name not in {*shape.lists, *shape.figures}]
    for name, members in shape.lists.items():
        listed = document.get(name)
        rows = listed if isinstance(listed, list) else ()
        keys = dict.fromkeys(key for row in rows if isinstance(row, dict) for key in row)
        unknown += [f"{name}[].{key}" for key in keys if key not in members]
    if unknown:
        told = ", ".join(f"`{name}`" for name in unknown[:10])
        yield Note(code="unknown_columns", text=f"names that nobody knows were kept out: {told}")


def _null_notes(lists: Mapping[str, Sequence[Row]]) -> Iterator[Note]:
    """Null stays null, and is said: it is neither 0 nor a missing row."""
    for rows in lists.values():
        nulls = [row.place for row in rows if row.values["streams"] is None]
        nulls += [row.place for row in rows if row.values.get("fees", "") is None]
        if nulls:
            text = f"{len(nulls)} figure(s) are null and stay unknown, such as that of `{nulls[0]}`"
            yield Note(code="null_value", text=text)


def _rows(value: Any, shape: Shape, name: str, records: Sequence[str]) -> Iterator[Row]:  # noqa: ANN401 - what the response holds
    if value is None:
        return
    if not isinstance(value, list):
        raise unreadable(name, f"`{str(value)[:40]}` is no list")
    seen: dict[tuple[str, ...], str] = {}
    for position, item in enumerate(value):
        place = f"{name}[{position}]"
        if not isinstance(item, dict):
            raise unreadable(place, f"`{str(item)[:40]}` is no object")
        values = {
            member: _value(item, member, place)
            for member in shape.lists[name]
            if member in item or member not in _OPTIONAL
        }
        key = _key(name, values)
        if key in seen:
            raise unreadable(place, f"it is told already in `{seen[key]}`")
        seen[key] = place
        record = records[position] if records else json.dumps(item, ensure_ascii=False)
        yield Row(values=values, place=place, record=record)


_OPTIONAL = frozenset({"track", "release", "cover"})


def _value(item: Mapping[str, Any], member: str, place: str) -> str | None:
    if member not in item:
        raise unreadable(place, f"it has no `{member}`")
    place = f"{place}.{member}"
    value = item[member]
    if member == "streams":
        return _figure(value, place)
    if value is not None and not isinstance(value, str):
        raise unreadable(place, f"`{str(value)[:40]}` is neither a text nor a number")
    if member == "date":
        return _checked_day(value, place)
    if member == "fees":
        return _amount(value, place)
    if member == "country" and not (value or "").strip():
        raise unreadable(place, "no country is named")
    return _plain(value, place)


def _plain(value: str | None, place: str) -> str | None:
    """A text that can be written as UTF-8: half a character that JSON escapes cannot."""
    if value is not None and any("\ud800" <= char <= "\udfff" for char in value):
        raise unreadable(place, "the text holds half a character")
    return value


def _figure(value: Any, place: str) -> str | None:  # noqa: ANN401 - what the response holds
    """A whole number from 0, written as a number or as its digits."""
    if value is None or (isinstance(value, str) and _DIGITS.fullmatch(value)):
        return value
    raise unreadable(place, f"`{str(value)[:40]}` is not a whole number from 0")


def _amount(value: str | None, place: str) -> str | None:
    if value is None or _AMOUNT.fullmatch(value):
        return value
    raise unreadable(place, f"`{value[:40]}` is not an exact amount")


def _checked_day(value: str | None, place: str) -> str:
    try:
        # The form first: other forms are ISO dates too, and none that the portal writes.
        return date.fromisoformat(value if value and _DAY.fullmatch(value) else "").isoformat()
    except ValueError as exc:
        raise unreadable(place, f"`{str(value)[:40]}` is not a day as YYYY-MM-DD") from exc


def _key(name: str, values: Mapping[str, str | None]) -> tuple[str, ...]:
    """What a list names at most once."""
    if name == "tracksTotal":
        isrc = re.sub(r"[- ]", "", values["isrc"] or "").upper()
        named = [values.get("release")] + ([] if isrc else [values.get("track")])
        return (isrc, *((text or "").strip() for text in named))
    return (str(values.get("date") or values.get("country")).strip().upper(),)
