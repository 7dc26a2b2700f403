"""TikTok's CSV files: which export a file is, and its records as text by the name of the field."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

from bedrot.errors import RejectedPayloadError
from bedrot.extract import delimited
from bedrot.extract.streams import Note, Recognition, header_key
from bedrot.sources.tiktok.export_errors import (
    MISSING_COLUMN,
    TRUNCATED,
    UNREADABLE_VALUE,
    is_only_printed,
    rejected,
)

if TYPE_CHECKING:
    from bedrot.extract.streams import Stream

SIZE_LIMIT = 16 * 1024 * 1024
"""Bytes of the largest file that is read: a year of days has 15 thousand."""
_HEAD_BYTES = 1 << 16
_COUNT = re.compile(r"-?[0-9]{1,18}")
_SHARE = re.compile(r"[0-9]{1,3}(\.[0-9]{1,10})?")

ASSUMED = "assumed"
MISSING = "missing"
UNREADABLE = "unreadable"
_NULLS = {
    "": "empty",
    "undefined": "undefined",
    "nan": "nan",
    "null": "null",
    "--": "dashes",
    "-": "dashes",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """One kind of export, by the fields that its header names.

    All fields of one of the `signs`, and `known` fields at the least, tell it from every other
    file. A file without one of the `needed` fields is set aside.
    """

    name: str
    title: str
    signs: tuple[frozenset[str], ...]
    needed: tuple[str, ...]
    optional: tuple[str, ...] = ()
    known: int = 2

    @property
    def fields(self) -> tuple[str, ...]:
        """All fields that the export may have."""
        return (*self.needed, *self.optional)


@dataclass(frozen=True, slots=True, kw_only=True)
class Export:
    """A file's records. `values` has a list for each field whose header stands in the file."""

    layout: str
    values: Mapping[str, Sequence[str]]
    records: Sequence[str]
    header: str
    notes: tuple[Note, ...]

    @property
    def size(self) -> int:
        """How many records it has."""
        return len(self.records)

    def column(self, field: str) -> Sequence[str]:
        """A field's texts; empty ones where the file lacks it."""
        return self.values.get(field, [""] * self.size)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Header:
    """A spelling of a field: `is_assumed` where we translated it and saw no file."""

    field: str
    is_assumed: bool


def recogniser(shape: Shape) -> Callable[[Path, Stream], Recognition | None]:
    """The function that knows this kind of export by its header."""

    def recognise(path: Path, stream: Stream) -> Recognition | None:
        try:
            facts = delimited.text_facts(path, limit=_HEAD_BYTES)
            layout = delimited.read_layout(path, facts)
        except (RejectedPayloadError, csv.Error):
            return None
        known = _headers(shape.name)
        keys = [_key(header) for header in layout.header] if layout else []
        found = {known[key].field for key in keys if key in known} & set(shape.fields)
        if len(found) < shape.known or not any(sign <= found for sign in shape.signs):
            return None
        return Recognition(stream=stream.name, sign=f"the header of TikTok's {shape.title}")

    return recognise


@cache
def _headers(shape: str) -> Mapping[str, _Header]:
    """The spellings of fields in all languages.

    Those of one export count before the others, and those that a file has shown before our own
    translations.
    """
    folder = resources.files(__package__)
    text = folder.joinpath("aliases", "tiktok_headers.csv").read_text(encoding="utf-8")
    rows = [row for row in csv.DictReader(io.StringIO(text)) if row["export"] in {"", shape}]
    return {
        _key(row["header"]): _Header(field=row["field"], is_assumed=row["evidence"] == ASSUMED)
        for row in sorted(rows, key=lambda row: (row["export"], row["evidence"] != ASSUMED))
    }


def _key(header: str) -> str:
    return header_key(header).replace("\u2019", "'")


def read_export(path: Path, shape: Shape, waived: frozenset[str]) -> Export:
    """Read a file whole.

    Raises:
        RejectedPayloadError: It is cut off, no table, or lacks a field, and nobody waived that.
    """
    if path.stat().st_size > SIZE_LIMIT:
        msg = f"the file has {path.stat().st_size} bytes, {shape.title} is much smaller"
        raise rejected(msg, "too_large")
    facts = delimited.text_facts(path)
    layout = delimited.read_layout(path, facts)
    if layout is None:
        msg = "the file is no table: its first line is no header"
        raise rejected(msg, "not_a_table")
    with path.open(encoding=facts.encoding, errors="replace", newline="") as file:
        text = file.read()
    told = list(_records(text.lstrip("\ufeff"), layout.delimiter, waived))
    if not told:
        msg = "the file was cut off inside its header"
        raise rejected(msg, TRUNCATED)
    (headers, header), rows = told[0], told[1:]
    places, notes = _places(headers, shape, waived)
    if not rows and not is_only_printed(waived):
        msg = f"{shape.title} has no line"
        raise rejected(msg, "empty", next_step="download the export again, for a longer time")
    _refuse_misshapen(rows, len(headers), waived)
    _refuse_unended(text, told[-1], waived)
    return Export(
        layout=layout.name,
        values={
            field: [row[place] if place < len(row) else "" for row, _ in rows]
            for field, place in places.items()
        },
        records=[record for _, record in rows],
        header=header,
        notes=notes,
    )


def _records(text: str, delimiter: str, waived: frozenset[str]) -> Iterator[tuple[list[str], str]]:
    """The fields of each record and the record as it stands in the file; empty ones left out."""
    lines: list[str] = []

    def consumed() -> Iterator[str]:
        for line in io.StringIO(text, newline=""):
            lines.append(line)
            yield line

    reader = csv.reader(consumed(), delimiter=delimiter, strict=True)
    number = -1
    while True:
        try:
            fields = next(reader, None)
        except csv.Error as exc:
            if is_only_printed(waived):
                return
            last = "".join(lines).strip()
            is_cut = "unexpected end" in str(exc)
            msg = f"record {number + 1} has a quote that is not closed: the file was cut off"
            if not is_cut:
                msg = f"record {number + 1} cannot be read: {exc}"
            code = TRUNCATED if is_cut else "misshapen_record"
            raise rejected(msg, code, seen=f"`{last[:160]}`") from exc
        if fields is None:
            return
        record = "".join(lines).rstrip("\r\n")
        lines.clear()
        if any(field.strip() for field in fields):
            number += 1
            yield fields, record


def _places(
    headers: Sequence[str], shape: Shape, waived: frozenset[str]
) -> tuple[dict[str, int], tuple[Note, ...]]:
    """Where each field stands, and what is to be said of the header."""
    known = _headers(shape.name)
    found = [known.get(_key(header)) for header in headers]
    named = [one.field if one and one.field in shape.fields else None for one in found]
    doubled = [field for field, count in Counter(named).items() if field and count > 1]
    seen = "header: " + ", ".join(header.strip() for header in headers)
    if doubled:
        told = [h for h, field in zip(headers, named, strict=True) if field == doubled[0]]
        msg = f"{len(told)} headers stand for one column: " + ", ".join(f"`{h}`" for h in told)
        raise rejected(msg, "doubled_header", seen=seen)
    places = {field: place for place, field in enumerate(named) if field}
    missing = [field for field in shape.needed if field not in places]
    if missing and MISSING_COLUMN not in waived:
        msg = "a needed column is missing: " + ", ".join(f"`{field}`" for field in missing)
        raise rejected(
            msg,
            MISSING_COLUMN,
            seen=seen,
            next_step="download the export with all columns; if TikTok renamed one or your "
            "language names it so, add the name to `aliases/tiktok_headers.csv`",
        )
    unknown = [h.strip() for h, field in zip(headers, named, strict=True) if field is None]
    assumed = [h.strip() for h, one in zip(headers, found, strict=True) if one and one.is_assumed]
    return places, tuple(_header_notes(missing, unknown, assumed))


def _header_notes(
    missing: Sequence[str], unknown: Sequence[str], assumed: Sequence[str]
) -> Iterator[Note]:
    for code, told, names in (
        ("missing_columns", "a person accepted that it lacks the columns", missing),
        ("unknown_columns_left", "columns that nobody knows were kept out:", unknown),
        ("assumed_headers", "headers were read by a translation that no file has shown:", assumed),
    ):
        if names:
            listed = ", ".join(f"`{name}`" for name in names)
            yield Note(code=code, text=f"{told} {listed}")


def _refuse_misshapen(
    rows: Sequence[tuple[list[str], str]], width: int, waived: frozenset[str]
) -> None:
    if is_only_printed(waived):
        return
    for number, (fields, record) in enumerate(rows, start=1):
        if len(fields) == width:
            continue
        is_cut = number == len(rows) and len(fields) < width
        why = ": the file was cut off" if is_cut else ""
        msg = f"record {number} has {len(fields)} fields where the header has {width}{why}"
        code = TRUNCATED if is_cut else "misshapen_record"
        raise rejected(msg, code, seen=f"`{record[:160]}`")


def _refuse_unended(text: str, last: tuple[list[str], str], waived: frozenset[str]) -> None:
    """TikTok ends no last record, but quotes its fields: a closed quote is an end too."""
    if text.endswith(("\n", "\r", '"')) or TRUNCATED in waived:
        return
    msg = "the last record is not ended: the file was cut off"
    raise rejected(msg, TRUNCATED, seen=f"the file ends with `{last[1][-60:]}`")


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """A column of figures as digits, and why a figure is null where it is."""

    values: Sequence[str | None]
    states: Sequence[str | None]


def counts(export: Export, field: str, waived: frozenset[str]) -> Figures:
    """A field's whole numbers; below zero too, which real files have.

    Raises:
        RejectedPayloadError: A text is neither a whole number nor one of the known words for
            nothing; separators of thousands may be decimal points, so nobody guesses.
    """
    return _figures(export, field, waived, _COUNT, "plain whole number")


def shares(export: Export, field: str, waived: frozenset[str]) -> Figures:
    """A field's parts of one.

    Raises:
        RejectedPayloadError: A text is neither such a number nor a known word for nothing.
    """
    return _figures(export, field, waived, _SHARE, "plain number with a decimal point")


def _figures(
    export: Export, field: str, waived: frozenset[str], form: re.Pattern[str], told: str
) -> Figures:
    if field not in export.values:
        return Figures(values=[None] * export.size, states=[MISSING] * export.size)
    values: list[str | None] = []
    states: list[str | None] = []
    for number, text in enumerate(export.values[field], start=1):
        plain = text.strip()
        is_figure = form.fullmatch(plain) is not None
        state = None if is_figure else _NULLS.get(plain.casefold(), UNREADABLE)
        if state == UNREADABLE and UNREADABLE_VALUE not in waived:
            msg = f"record {number}: `{plain[:40]}` under `{field}` is no {told}"
            raise rejected(msg, UNREADABLE_VALUE, seen=f"`{export.records[number - 1][:160]}`")
        values.append(plain if is_figure else None)
        states.append(state)
    return Figures(values=values, states=states)
