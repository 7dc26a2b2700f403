"""Columns are found by their headers: in any order, under any alias, and never by place."""

import random
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from bedrot.errors import RejectedPayloadError
from bedrot.sources.distrokid import EARNINGS
from bedrot.sources.distrokid.synthetic import (
    CURRENT,
    LAYOUTS,
    LEGACY,
    EarningsLine,
    Layout,
    write_earnings,
)
from bedrot.zones.parts import Profile

Typed = Callable[[bytes], list[dict[str, Any]]]
Gate = Callable[[bytes], Profile]

NEEDED = [
    (column.name, header)
    for column in EARNINGS.contract.columns
    if column.header_needed
    for header in column.header_aliases
    if header in LEGACY.headers
]
OPTIONAL = {
    "Song/Album": "product_type",
    "Songwriter Royalties Withheld": "withheld_usd",
}


def _cells(line: EarningsLine, *more: EarningsLine) -> list[list[str]]:
    text = write_earnings([line, *more], LEGACY).decode()
    return [record.split("\t") for record in text.split("\r")[:-1]]


def _joined(cells: list[list[str]]) -> bytes:
    return "".join("\t".join(row) + "\r" for row in cells).encode()


def _without(cells: list[list[str]], header: str) -> list[list[str]]:
    place = cells[0].index(header)
    return [row[:place] + row[place + 1 :] for row in cells]


@pytest.mark.parametrize("seed", range(5))
def test_columns_stand_in_any_order(typed: Typed, line: EarningsLine, seed: int) -> None:
    cells = _cells(line, replace(line, title='"Hush'))
    order = random.Random(seed).sample(range(13), 13)
    assert typed(_joined([[row[n] for n in order] for row in cells])) == typed(_joined(cells))


@pytest.mark.parametrize("change", [str.upper, str.lower, lambda h: f"  {h.replace(' ', '   ')} "])
@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: layout.name)
def test_case_and_spacing_of_headers_say_nothing(
    typed: Typed, line: EarningsLine, layout: Layout, change: Callable[[str], str]
) -> None:
    content = write_earnings([line], layout)
    header, rest = content.split(layout.newline.encode(), 1)
    cells = [cell.strip('"') for cell in header.decode().split(layout.delimiter)]
    quote = '"' if layout.is_quoted else ""
    changed = layout.delimiter.join(f"{quote}{change(cell)}{quote}" for cell in cells)
    assert typed(changed.encode() + layout.newline.encode() + rest) == typed(content)


def test_every_alias_of_the_contract_is_taken(typed: Typed, line: EarningsLine) -> None:
    cells = _cells(line)
    by_header = {
        h.casefold(): c for c in EARNINGS.contract.aliased_columns for h in c.header_aliases
    }
    for place, header in enumerate(cells[0]):
        for alias in by_header[header.casefold()].header_aliases:
            renamed = [[*cells[0][:place], alias, *cells[0][place + 1 :]], *cells[1:]]
            assert typed(_joined(renamed)) == typed(_joined(cells))


@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: layout.name)
def test_an_unknown_column_is_told_and_kept_out(
    gate: Gate, typed: Typed, line: EarningsLine, layout: Layout
) -> None:
    quote = b'"' if layout.is_quoted else b""
    end, delimiter = layout.newline.encode(), layout.delimiter.encode()
    header, record, _ = write_earnings([line], layout).split(end)
    cell = delimiter + quote
    content = end.join([header + cell + b"Mood" + quote, record + cell + b"glum" + quote, b""])
    assert gate(content).unknown_headers == ("Mood",)
    [row] = typed(content)
    assert "glum" not in row.values()
    assert row["net_usd"] == line.earnings


def test_two_unknown_columns_of_one_name_are_both_told(gate: Gate, line: EarningsLine) -> None:
    cells = _cells(line)
    content = _joined([[*cells[0], "Mood", "Mood"], [*cells[1], "glum", "gay"]])
    assert gate(content).unknown_headers == ("Mood", "Mood")


def test_an_unknown_first_column_shifts_nothing(typed: Typed, line: EarningsLine) -> None:
    cells = _cells(line)
    shifted = _joined([["#", *cells[0]], ["1", *cells[1]]])
    assert typed(shifted) == typed(_joined(cells))


@pytest.mark.parametrize(("column", "header"), NEEDED)
def test_a_missing_needed_column_is_named(
    gate: Gate, line: EarningsLine, column: str, header: str
) -> None:
    with pytest.raises(RejectedPayloadError) as caught:
        gate(_joined(_without(_cells(line), header)))
    assert caught.value.code == "missing_column"
    assert f"`{header}`" in str(caught.value)
    assert caught.value.next_step


@pytest.mark.parametrize(("header", "column"), OPTIONAL.items())
def test_a_missing_optional_column_is_null(
    typed: Typed, line: EarningsLine, header: str, column: str
) -> None:
    [row] = typed(_joined(_without(_cells(line), header)))
    assert row[column] is None
    assert row["net_usd"] == line.earnings


@pytest.mark.parametrize("extra", ["Source Type", "Song/Album", "country", "EARNINGS (usd)"])
def test_two_headers_for_one_column_set_the_file_aside(
    gate: Gate, line: EarningsLine, extra: str
) -> None:
    cells = _cells(line)
    with pytest.raises(RejectedPayloadError) as caught:
        gate(_joined([[*cells[0], extra], [*cells[1], "1"]]))
    assert caught.value.code == "doubled_header"
    assert f"`{extra}`" in str(caught.value)


@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: layout.name)
@pytest.mark.parametrize("marks", [1, 2])
def test_byte_order_marks_are_no_part_of_the_header(
    typed: Typed, line: EarningsLine, layout: Layout, marks: int
) -> None:
    content = write_earnings([line], layout)
    assert typed(b"\xef\xbb\xbf" * marks + content) == typed(content)


def test_a_mark_that_was_saved_as_latin1_again(typed: Typed, line: EarningsLine) -> None:
    content = write_earnings([line], CURRENT)
    assert typed("\ufeffï»¿".encode() + content) == typed(content)


@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: layout.name)
def test_a_header_without_lines_is_empty(gate: Gate, layout: Layout) -> None:
    with pytest.raises(RejectedPayloadError, match="no lines") as caught:
        gate(write_earnings([], layout))
    assert caught.value.code == "empty"
    assert caught.value.next_step


@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: layout.name)
def test_a_header_that_is_not_ended_is_truncated(gate: Gate, layout: Layout) -> None:
    content = write_earnings([], layout).removesuffix(layout.newline.encode())
    with pytest.raises(RejectedPayloadError) as caught:
        gate(content)
    assert caught.value.code == "truncated"


@pytest.mark.parametrize("content", [b"", b"\r\n", b"one line\n", b"one line"])
def test_a_file_without_a_header_is_no_table(gate: Gate, content: bytes) -> None:
    with pytest.raises(RejectedPayloadError) as caught:
        gate(content)
    assert caught.value.code == "not_a_table"
