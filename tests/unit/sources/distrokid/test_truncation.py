"""A file that was cut off is set aside, or what is left of it is exactly what stood there."""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest

from bedrot.errors import RejectedPayloadError
from bedrot.sources.distrokid import EARNINGS
from bedrot.sources.distrokid.synthetic import (
    CURRENT,
    HYBRID,
    LAYOUTS,
    LEGACY,
    EarningsLine,
    Encoding,
    Layout,
    Newline,
    write_earnings,
)
from bedrot.zones.parts import Profile

Typed = Callable[[bytes], list[dict[str, Any]]]
Gate = Callable[[bytes], Profile]


@pytest.fixture
def lines(line: EarningsLine) -> list[EarningsLine]:
    return [
        replace(line, title="Größe", quantity=n, earnings=Decimal(n) / 7 // Decimal("1e-8") / 10**8)
        for n in range(1, 6)
    ]


def _rows_or_reason(typed: Typed, content: bytes) -> list[dict[str, Any]] | str:
    try:
        return typed(content)
    except RejectedPayloadError as exc:
        return exc.code
    except duckdb.Error:
        return "unreadable"


@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: layout.name)
@pytest.mark.parametrize("encoding", ["utf-8", "cp1252", "utf-16-le", "utf-16-be"])
def test_every_cut_of_the_last_record_is_known(
    typed: Typed, lines: list[EarningsLine], layout: Layout, encoding: Encoding
) -> None:
    whole = write_earnings(lines, layout, encoding=encoding)
    without_last = write_earnings(lines[:-1], layout, encoding=encoding)
    for cut in range(len(without_last) + 1, len(whole)):
        reason = _rows_or_reason(typed, whole[:cut])
        assert reason == "truncated", f"{cut} of {len(whole)} bytes"


@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: layout.name)
def test_a_cut_between_records_leaves_exact_lines(
    typed: Typed, lines: list[EarningsLine], layout: Layout
) -> None:
    # The gate sees one payload; that it lacks lines is found by comparing it with older ones.
    for count in range(1, len(lines)):
        rows = typed(write_earnings(lines[:count], layout))
        assert Counter(row["net_usd"] for row in rows) == Counter(x.earnings for x in lines[:count])


@pytest.mark.parametrize("newline", ["\r", "\n", "\r\n"], ids=["CR", "LF", "CRLF"])
@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: layout.name)
def test_a_last_record_without_its_line_end(
    gate: Gate, lines: list[EarningsLine], layout: Layout, newline: Newline
) -> None:
    content = write_earnings(lines, layout, newline=newline)
    with pytest.raises(RejectedPayloadError) as caught:
        gate(content.removesuffix(newline.encode()))
    assert caught.value.code == "truncated"
    assert caught.value.seen
    assert caught.value.next_step


@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: layout.name)
def test_a_crlf_file_that_ends_in_cr(gate: Gate, lines: list[EarningsLine], layout: Layout) -> None:
    with pytest.raises(RejectedPayloadError) as caught:
        gate(write_earnings(lines, layout, newline="\r\n")[:-1])
    assert caught.value.code == "truncated"


@pytest.mark.parametrize("columns", [1, 2, 7, 12])
def test_a_last_record_with_fewer_columns(
    gate: Gate, lines: list[EarningsLine], columns: int
) -> None:
    content = write_earnings(lines, LEGACY)
    *records, last, _ = content.split(b"\r")
    short = b"\t".join(last.split(b"\t")[:columns])
    with pytest.raises(RejectedPayloadError) as caught:
        gate(b"\r".join([*records, short, b""]))
    assert caught.value.code == "truncated"
    assert caught.value.seen


@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: layout.name)
@pytest.mark.parametrize("gone", [1, 2, 5, 7])
def test_a_last_amount_with_fewer_decimals_although_it_is_ended(
    gate: Gate, lines: list[EarningsLine], layout: Layout, gone: int
) -> None:
    content = write_earnings(lines, layout)
    amount = f"{lines[-1].earnings:.{layout.decimals}f}".encode()
    head, tail = content.rsplit(amount, 1)
    with pytest.raises(RejectedPayloadError) as caught:
        gate(head + amount[:-gone] + tail)
    assert caught.value.code == "truncated"
    assert amount[:-gone].decode() in caught.value.seen


def test_an_amount_inside_the_file_with_fewer_decimals_is_none_of_its_signs(
    gate: Gate, lines: list[EarningsLine]
) -> None:
    content = write_earnings(lines, LEGACY)
    amount = f"{lines[1].earnings:.8f}".encode()
    assert gate(content.replace(amount, b"0.5", 1)).rows == 5


def test_the_amount_of_a_single_line_is_compared_with_what_distrokid_writes(
    gate: Gate, line: EarningsLine
) -> None:
    with pytest.raises(RejectedPayloadError) as caught:
        gate(write_earnings([line], LEGACY).replace(b"0.03120000", b"0.0312"))
    assert caught.value.code == "rounded_amounts"


def test_a_cut_inside_a_character_is_a_cut_and_no_other_encoding(
    gate: Gate, line: EarningsLine
) -> None:
    content = write_earnings([line, replace(line, title="Größe")], HYBRID)
    cut = content.index("ö".encode()) + 1
    with pytest.raises(RejectedPayloadError) as caught:
        gate(content[:cut])
    assert caught.value.code == "truncated"


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("newline", ["\r", "\n", "\r\n"], ids=["CR", "LF", "CRLF"])
def test_a_cut_inside_a_utf16_line_end(
    gate: Gate, lines: list[EarningsLine], encoding: Encoding, newline: Newline
) -> None:
    content = write_earnings(lines, LEGACY, encoding=encoding, newline=newline)
    with pytest.raises(RejectedPayloadError) as caught:
        gate(content[:-1])
    assert caught.value.code == "truncated"


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_a_utf16_file_that_lacks_half_of_its_last_line_end(
    gate: Gate, lines: list[EarningsLine], encoding: Encoding
) -> None:
    content = write_earnings(lines, CURRENT, encoding=encoding)
    with pytest.raises(RejectedPayloadError) as caught:
        gate(content[:-2])
    assert caught.value.code == "truncated"


@pytest.mark.parametrize("place", [0, 2, 4])
def test_a_quote_that_is_not_closed_is_set_aside(
    gate: Gate, lines: list[EarningsLine], place: int
) -> None:
    records = write_earnings(lines, CURRENT).split(b"\r\n")
    records[place + 1] = records[place + 1].replace('Größe",'.encode(), "Größe,".encode())
    with pytest.raises(RejectedPayloadError) as caught:
        gate(b"\r\n".join(records))
    assert caught.value.code in {"unreadable_record", "misshapen_record", "truncated"}


def test_a_quote_inside_an_unquoted_field_moves_no_record(
    typed: Typed, tmp_path: Path, lines: list[EarningsLine]
) -> None:
    content = write_earnings(lines, CURRENT).replace('"Größe"'.encode(), b'12" Mix', 1)
    rows = _rows_or_reason(typed, content)
    if isinstance(rows, str):
        return  # set aside is fine, too
    found = EARNINGS.records(tmp_path / "export.dat", {row["_row"] for row in rows})
    assert [f'"{row["units"]}"' in found[row["_row"]] for row in rows] == [True] * 5
    assert all("\r" not in record for record in found.values())


def test_a_record_with_too_many_fields_is_shown(gate: Gate, lines: list[EarningsLine]) -> None:
    *records, last, _ = write_earnings(lines, LEGACY).split(b"\r")
    with pytest.raises(RejectedPayloadError) as caught:
        gate(b"\r".join([*records, last + b"\t1", last, b""]))
    assert caught.value.code == "misshapen_record"
    assert "14 fields" in str(caught.value)
    assert "record 5" in str(caught.value)


def test_a_stray_byte_that_ends_nothing(gate: Gate, lines: list[EarningsLine]) -> None:
    with pytest.raises(RejectedPayloadError):
        gate(write_earnings(lines, LEGACY) + b"\x1a")
