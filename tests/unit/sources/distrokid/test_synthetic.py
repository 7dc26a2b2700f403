import csv
import io
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from bedrot.sources.distrokid.synthetic import (
    CURRENT,
    HYBRID,
    HYBRID_QUOTED_TSV,
    LAYOUTS,
    LEGACY,
    EarningsLine,
    Layout,
    sign_in_page,
    write_earnings,
)

LINE = EarningsLine(
    reporting_date=date(2025, 5, 24),
    sale_month="2025-03",
    store="Spotify",
    artist="The Tin Almanac",
    title='"Hush", Said the Sea',
    isrc="ZZBDR2500001",
    upc="400000000013",
    quantity=12,
    country="NA",
    earnings=Decimal("0.03120000"),
)


def test_legacy_is_unquoted_tabs_with_cr_alone_and_a_final_one() -> None:
    header, record, rest = write_earnings([LINE], LEGACY).split(b"\r")
    assert header.count(b"\t") == 12
    assert record == (
        b'2025-05-24\t2025-03\tSpotify\tThe Tin Almanac\t"Hush", Said the Sea\tZZBDR2500001'
        b"\t400000000013\t12\t100\tSong\tNA\t0\t0.03120000"
    )
    assert rest == b""


def test_current_quotes_every_field_and_has_twelve_decimals() -> None:
    header, record, rest = write_earnings([LINE], CURRENT).split(b"\r\n")
    assert header.startswith(b'"Date Inserted","Reporting Date"')
    assert header.endswith(b'"Earnings (USD)","Recoup (USD)"')
    assert record == (
        b'"2025-05-24","2025-05-24","2025-03","Spotify","The Tin Almanac",'
        b'"""Hush"", Said the Sea","ZZBDR2500001","400000000013","12","100","Song","NA","0",'
        b'"0.031200000000",""'
    )
    assert rest == b""


def test_hybrid_keeps_the_old_name_of_the_type_column() -> None:
    header = write_earnings([], HYBRID).decode().rstrip("\r").split("\t")
    assert header[10] == "Song/Album"
    assert len(header) == 15


@pytest.mark.parametrize("layout", [CURRENT, HYBRID_QUOTED_TSV])
def test_quoted_layouts_read_back_with_a_csv_reader(layout: Layout) -> None:
    text = write_earnings([LINE], layout).decode()
    rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=layout.delimiter))
    assert [len(row) for row in rows] == [15, 15]
    assert rows[1][5] == LINE.title


def test_mixed_line_ends_take_turns() -> None:
    text = write_earnings([LINE] * 3, LEGACY, newline="mixed").decode()
    assert (text.count("\r"), text.count("\n"), text.count("\r\n")) == (3, 2, 1)
    assert len(text.splitlines()) == 4


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-8-sig"])
def test_marked_encodings_say_what_they_are(encoding: str) -> None:
    decoder = "utf-8-sig" if encoding == "utf-8-sig" else "utf-16"
    content = write_earnings([LINE], LEGACY, encoding=encoding)  # type: ignore[arg-type]
    assert content.decode(decoder) == write_earnings([LINE], LEGACY).decode()


def test_utf8_takes_a_mark_when_asked() -> None:
    assert write_earnings([], LEGACY, bom=True).startswith(b"\xef\xbb\xbfReporting Date")


def test_latin1_has_no_mark() -> None:
    with pytest.raises(ValueError, match="no byte order mark"):
        write_earnings([], LEGACY, encoding="latin-1", bom=True)


def test_an_amount_that_does_not_fit_is_refused() -> None:
    finer = replace(LINE, earnings=Decimal("0.031200001234"))
    assert b"0.031200001234" in write_earnings([finer], CURRENT)
    with pytest.raises(ValueError, match="does not fit 8 decimals"):
        write_earnings([finer], LEGACY)


def test_tiny_and_negative_zero_amounts_stay_in_plain_notation() -> None:
    tiny = replace(LINE, earnings=Decimal("-0E-8"))
    assert write_earnings([tiny], LEGACY).endswith(b"\t-0.00000000\r")


@pytest.mark.parametrize("layout", [LEGACY, HYBRID])
def test_unquoted_layouts_refuse_a_tab_in_a_title(layout: Layout) -> None:
    tabbed = replace(LINE, title="a\tb")
    with pytest.raises(ValueError, match="delimiter or a line break"):
        write_earnings([tabbed], layout)


def test_layout_names_are_unique() -> None:
    assert len({layout.name for layout in LAYOUTS}) == 4


def test_the_sign_in_page_names_the_platform_and_where_it_leads() -> None:
    page = sign_in_page().decode()
    assert page.startswith("<!DOCTYPE html>")
    assert "<title>Sign in</title>" in page
    assert 'action="/signin/?forward=/bank/details"' in page
    assert "DistroKid" in page
