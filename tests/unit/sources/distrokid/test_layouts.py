"""Every layout, in every encoding, with every line end: the same lines come out."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from bedrot.sources.distrokid import EARNINGS
from bedrot.sources.distrokid.synthetic import (
    CURRENT,
    HYBRID,
    HYBRID_QUOTED_TSV,
    LAYOUTS,
    LEGACY,
    EarningsLine,
    Encoding,
    Layout,
    Newline,
    write_earnings,
)

Typed = Callable[[bytes], list[dict[str, Any]]]

ENCODINGS: tuple[Encoding, ...] = (
    "utf-8",
    "utf-8-sig",
    "cp1252",
    "latin-1",
    "utf-16",
    "utf-16-le",
    "utf-16-be",
)
NEWLINES: tuple[Newline, ...] = ("\r", "\n", "\r\n", "mixed")


@pytest.fixture
def lines(line: EarningsLine) -> list[EarningsLine]:
    return [
        line,
        replace(line, title='"Hush", Said the Sea', quantity=0, earnings=Decimal("0.00000004")),
        replace(line, title="Über die Größe; Café, déjà vu", country="NA"),
        replace(line, title='12" Mix', quantity=7, earnings=Decimal("-1.50000001")),
        replace(line, title='"', isrc="", country="OU"),
        replace(line, earnings=Decimal("1587.06001527"), quantity=10_792),
    ]


@pytest.mark.parametrize("newline", NEWLINES, ids=["CR", "LF", "CRLF", "mixed"])
@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: layout.name)
def test_the_same_lines_come_out(
    typed: Typed, lines: list[EarningsLine], layout: Layout, encoding: Encoding, newline: Newline
) -> None:
    rows = typed(write_earnings(lines, layout, encoding=encoding, newline=newline))
    assert [row["_row"] for row in rows] == [1, 2, 3, 4, 5, 6]
    assert [
        (r["track_title"], r["net_usd"], r["units"], r["country_code"], r["isrc"]) for r in rows
    ] == [(x.title, x.earnings, x.quantity, x.country, x.isrc or None) for x in lines]
    assert [row["line_type"] == "deduction" for row in rows] == [x.earnings < 0 for x in lines]


@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: layout.name)
@pytest.mark.parametrize("newline", ["\r", "\r\n"], ids=["CR", "CRLF"])
def test_a_c1_control_makes_it_latin1(
    typed: Typed, line: EarningsLine, layout: Layout, newline: Newline
) -> None:
    odd = replace(line, title="caf\xe9 \x81")
    [row] = typed(write_earnings([odd], layout, encoding="latin-1", newline=newline))
    assert row["track_title"] == "café \x81"


def test_curly_quotes_come_from_cp1252(typed: Typed, line: EarningsLine) -> None:
    curly = replace(line, title="\u201cHush\u201d \u2013 10 \u20ac")
    [row] = typed(write_earnings([curly], LEGACY, encoding="cp1252"))
    assert row["track_title"] == "\u201cHush\u201d \u2013 10 \u20ac"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le", "utf-16-be"])
def test_any_script_comes_through(typed: Typed, line: EarningsLine, encoding: Encoding) -> None:
    titled = replace(line, title="夜明け 🎧 ночь", artist="Σ")
    [row] = typed(write_earnings([titled], HYBRID, encoding=encoding))
    assert (row["track_title"], row["artist_name"]) == ("夜明け 🎧 ночь", "Σ")


@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: layout.name)
def test_all_other_columns_stay_on_the_line(
    typed: Typed, line: EarningsLine, layout: Layout
) -> None:
    told = replace(
        line, team_percentage=Decimal("33.3333"), withheld=Decimal("0.00100"), source_type="Album"
    )
    [row] = typed(write_earnings([told], layout))
    assert row["split_pct"] == Decimal("33.3333")
    assert row["withheld_usd"] == Decimal("0.001")
    assert row["product_type"] == "Album"
    assert (row["reporting_date"].isoformat(), row["reporting_month"]) == ("2025-05-24", "2025-05")
    assert (row["sale_month"], row["upc"]) == ("2025-03", "400000000013")


@pytest.mark.parametrize("layout", [CURRENT, HYBRID, HYBRID_QUOTED_TSV], ids=lambda x: x.name)
def test_what_only_new_layouts_have(typed: Typed, line: EarningsLine, layout: Layout) -> None:
    recouped = replace(line, recoup=Decimal("0.25"), earnings=Decimal("0.031200001234"))
    with_recoup, without = typed(write_earnings([recouped, line], layout))
    assert with_recoup["recoup_usd"] == Decimal("0.25")
    assert without["recoup_usd"] is None
    assert with_recoup["net_usd"] == Decimal("0.031200001234")
    assert with_recoup["date_inserted"] == "2025-05-24"


def test_what_the_old_layout_lacks_is_null(typed: Typed, line: EarningsLine) -> None:
    [row] = typed(write_earnings([line], LEGACY))
    assert row["recoup_usd"] is None
    assert row["date_inserted"] is None
    assert row["withheld_usd"] == 0


def test_a_long_file_keeps_its_order(typed: Typed, line: EarningsLine) -> None:
    # More than one block of DuckDB's reader, which reads blocks in parallel.
    count = 60_000
    header, record, _ = write_earnings([line], LEGACY).split(b"\r")
    content = b"\r".join(
        [header, *(record.replace(b"Said the Sea", b"%d" % n) for n in range(1, count + 1)), b""]
    )
    rows = typed(content)
    assert len(rows) == count
    assert all(row["track_title"] == str(row["_row"]) for row in rows)


@pytest.mark.parametrize("newline", ["\r", "\n", "\r\n"], ids=["CR", "LF", "CRLF"])
@pytest.mark.parametrize("layout", [CURRENT, HYBRID_QUOTED_TSV], ids=lambda x: x.name)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_line_breaks_inside_titles_move_no_record(
    typed: Typed,
    tmp_path: Path,
    line: EarningsLine,
    layout: Layout,
    newline: Newline,
    encoding: Encoding,
) -> None:
    titles = ["one", "a\rb", "a\nb", "a\r\nb", "a\r\n\r\nb", 'a "\n" b', "seven"]
    lines = [
        replace(line, title=title, quantity=number) for number, title in enumerate(titles, start=1)
    ]
    content = write_earnings(lines, layout, newline=newline, encoding=encoding)
    rows = typed(content)
    assert [(row["_row"], row["units"]) for row in rows] == [(n, n) for n in range(1, 8)]
    path = tmp_path / "export.dat"
    found = EARNINGS.records(path, set(range(8)))
    assert sorted(found) == list(range(8))
    for number, title in enumerate(titles, start=1):
        printed = '"' + title.replace('"', '""') + '"'
        assert printed in found[number]
        assert found[number].count(layout.delimiter) >= len(layout.headers) - 1
    assert found[0].startswith('"Date Inserted"')


@pytest.mark.parametrize("inner", ["\r", "\n", "\r\n"], ids=["CR", "LF", "CRLF"])
@pytest.mark.parametrize("newline", ["\r", "\n", "\r\n"], ids=["CR", "LF", "CRLF"])
def test_a_quoted_line_break_stays_in_the_title(
    typed: Typed, line: EarningsLine, inner: str, newline: Newline
) -> None:
    broken = replace(line, title=f"a{inner}b")
    first, second = typed(write_earnings([broken, line], CURRENT, newline=newline))
    assert first["track_title"] == f"a{inner}b"
    assert second["track_title"] == line.title


@pytest.mark.parametrize("layout", [CURRENT, HYBRID_QUOTED_TSV], ids=lambda x: x.name)
def test_delimiters_and_quotes_inside_quotes_are_text(
    typed: Typed, line: EarningsLine, layout: Layout
) -> None:
    title = 'a\tb, c; "d" ""e"" |'
    [row] = typed(write_earnings([replace(line, title=title)], layout))
    assert row["track_title"] == title


def test_a_record_is_printed_as_it_stands_in_the_file(tmp_path: Path, line: EarningsLine) -> None:
    path = tmp_path / "export.tsv"
    content = write_earnings([line, replace(line, title='"Größe')], LEGACY, encoding="cp1252")
    path.write_bytes(content)
    assert EARNINGS.records(path, {2}) == {2: content.decode("cp1252").split("\r")[2]}


def test_semicolons_are_read_too(typed: Typed, line: EarningsLine) -> None:
    content = write_earnings([replace(line, title="a, b")], CURRENT).replace(b'","', b'";"')
    [row] = typed(content)
    assert (row["track_title"], row["net_usd"]) == ("a, b", line.earnings)


def test_commas_without_quotes_are_read_too(typed: Typed, line: EarningsLine) -> None:
    content = write_earnings([line], CURRENT).replace(b'"', b"")
    [row] = typed(content)
    assert (row["track_title"], row["net_usd"]) == (line.title, line.earnings)


@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: layout.name)
def test_blank_lines_are_no_records(
    typed: Typed, tmp_path: Path, line: EarningsLine, layout: Layout
) -> None:
    end = layout.newline.encode()
    header, first, second, _ = write_earnings([line, replace(line, quantity=2)], layout).split(end)
    rows = typed(end.join([header, first, b"", b"", second, b"", b""]))
    assert [(row["_row"], row["units"]) for row in rows] == [(1, 12), (2, 2)]
    found = EARNINGS.records(tmp_path / "export.dat", {2})
    assert found == {2: second.decode()}
