from pathlib import Path

import pytest

from bedrot.errors import RejectedPayloadError
from bedrot.extract.delimited import (
    Layout,
    last_records,
    last_scales,
    read_layout,
    records,
    refuse_short_amount,
    refuse_truncated,
    split_fields,
    text_facts,
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "export.dat"


def layout_of(path: Path) -> Layout:
    layout = read_layout(path, text_facts(path))
    assert layout is not None
    return layout


@pytest.mark.parametrize(
    ("content", "encoding"),
    [
        (b"a\tb\n1\t2\n", "ascii"),
        ("a\té\n".encode(), "utf-8"),
        ("a\té\n".encode("utf-8-sig"), "utf-8-sig"),
        ("a\té\n".encode("cp1252"), "cp1252"),
        ("a\t\u201cé\u201d\n".encode("cp1252"), "cp1252"),
        (b"a\t\x81\xe9\n", "latin-1"),
    ],
)
def test_the_encoding_is_told_by_the_bytes(path: Path, content: bytes, encoding: str) -> None:
    path.write_bytes(content)
    assert text_facts(path).encoding == encoding


@pytest.mark.parametrize("codec", ["utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("mark", ["\ufeff", ""])
def test_utf16_is_known_with_and_without_its_mark(path: Path, codec: str, mark: str) -> None:
    path.write_bytes(f"{mark}Name\tAmount\rGröße\t1\r".encode(codec))
    layout = layout_of(path)
    assert layout.header == ("Name", "Amount")
    assert list(records(path, layout.encoding, quoted_by=None))[1] == "Größe\t1"


def test_zero_bytes_are_no_text(path: Path) -> None:
    path.write_bytes(b"a\tb\n" + b"x" * 40 + b"\x00\x01" + b"x" * 40)
    with pytest.raises(RejectedPayloadError) as caught:
        text_facts(path)
    assert caught.value.code == "not_text"


@pytest.mark.parametrize(
    ("content", "line_ends", "ending"),
    [
        (b"a\rb\r", "CR", "\r"),
        (b"a\nb\n", "LF", "\n"),
        (b"a\r\nb\r\n", "CRLF", "\r\n"),
        (b"a\r\nb\rc\n", "mixed", "\n"),
        (b"a\nb\r", "mixed", "\r"),
        (b"a\rb", "CR", ""),
        (b"ab", "none", ""),
        (b"", "none", ""),
        (b"\r", "CR", "\r"),
        (b"a\n\r", "mixed", "\r"),
    ],
)
def test_line_ends_are_counted(path: Path, content: bytes, line_ends: str, ending: str) -> None:
    path.write_bytes(content)
    facts = text_facts(path)
    assert (facts.line_ends, facts.ending) == (line_ends, ending)


def test_a_crlf_across_two_blocks_is_one_line_end(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bedrot.extract.delimited._BLOCK", 4)
    path.write_bytes(b"abc\r\nde\r\n\r\nx\r\n")
    facts = text_facts(path)
    assert (facts.crlf_count, facts.cr_count, facts.lf_count) == (4, 0, 0)
    assert facts.ending == "\r\n"


def test_a_character_across_two_blocks_stays_utf8(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bedrot.extract.delimited._BLOCK", 3)
    path.write_bytes("ab€cdé\n".encode())
    assert text_facts(path).encoding == "utf-8"


@pytest.mark.parametrize("delimiter", ["\t", ",", ";", "|"])
def test_the_delimiter_is_read_from_the_header(path: Path, delimiter: str) -> None:
    path.write_text(delimiter.join(["a", "b", "c"]) + "\n1,2;3|4\t5\n")
    layout = layout_of(path)
    assert (layout.delimiter, layout.header) == (delimiter, ("a", "b", "c"))


def test_only_a_quoted_header_makes_tabs_quoted(path: Path) -> None:
    path.write_text('a\tb\n"x\t1\n')
    assert layout_of(path).quote == ""
    path.write_text('"a"\t"b"\n"x"\t"1"\n')
    assert layout_of(path).quote == '"'


def test_commas_may_be_quoted_even_if_the_header_is_not(path: Path) -> None:
    path.write_text('a,b\n"x,y",1\n')
    layout = layout_of(path)
    assert split_fields('"x,y",1', layout) == ["x,y", "1"]


@pytest.mark.parametrize(
    "mark",
    [
        b"\xef\xbb\xbf",
        b"\xef\xbb\xbf\xef\xbb\xbf",
        "\ufeff".encode() + "ï»¿".encode(),
    ],
    ids=["once", "twice", "again as Latin-1"],
)
def test_a_mark_is_no_part_of_the_first_header(path: Path, mark: bytes) -> None:
    path.write_bytes(mark + b"a,b\n1,2\n")
    assert layout_of(path).header == ("a", "b")


def test_a_mark_before_a_quoted_header_leaves_it_whole(path: Path) -> None:
    path.write_bytes(b"\xef\xbb\xbf" * 2 + b'"a b","c, d"\n"1","2"\n')
    assert layout_of(path).header == ("a b", "c, d")


@pytest.mark.parametrize("content", [b"", b"\r\n\r\n", b"one word\n", b"x" * 70_000])
def test_text_without_a_header_has_no_layout(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    assert read_layout(path, text_facts(path)) is None


@pytest.mark.parametrize("end", ["\r", "\n", "\r\n"])
def test_records_end_at_any_line_end(path: Path, end: str) -> None:
    path.write_bytes(f"a\tb{end}1\t2{end}{end}3\t4{end}".encode())
    assert list(records(path, "ascii", quoted_by=None)) == ["a\tb", "1\t2", "3\t4"]


@pytest.mark.parametrize("inner", ["\r", "\n", "\r\n", "\r\n\r\n"])
def test_a_line_break_inside_quotes_ends_no_record(path: Path, inner: str) -> None:
    first = f'"x{inner}y","1"'
    path.write_bytes(f'"a","b"\r\n{first}\r\n"z","2"\r\n'.encode())
    assert list(records(path, "ascii", quoted_by=",")) == ['"a","b"', first, '"z","2"']


def test_a_quote_alone_ends_nothing_where_nothing_is_quoted(path: Path) -> None:
    path.write_bytes(b'a\tb\r"Hush\t1\rend\t2\r')
    assert list(records(path, "ascii", quoted_by=None))[1:] == ['"Hush\t1', "end\t2"]


def test_the_last_records_are_read_from_the_end(path: Path) -> None:
    path.write_bytes(b"a\tb\r" + b"".join(b"%d\tx\r" % n for n in range(50_000)))
    assert last_records(path, layout_of(path), 2) == ["49998\tx", "49999\tx"]


@pytest.mark.parametrize("codec", ["utf-16-le", "utf-16-be"])
def test_the_last_records_of_a_long_utf16_file(path: Path, codec: str) -> None:
    text = "\ufeffa\tb\r" + "".join(f"{n}\té\r" for n in range(60_000))
    path.write_bytes(text.encode(codec))
    assert last_records(path, layout_of(path), 2) == ["59998\té", "59999\té"]


@pytest.mark.parametrize("content", [b"a\tb\r1\t2\r3\t4", b"a\tb\r\n1\t2\r\n3\t4\r"])
def test_a_last_record_that_is_not_ended_is_truncated(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    with pytest.raises(RejectedPayloadError, match="cut off") as caught:
        refuse_truncated(text_facts(path), path, layout_of(path))
    assert caught.value.code == "truncated"
    assert "3\t4" in caught.value.seen


@pytest.mark.parametrize("end", [b"\r", b"\n", b"\r\n"])
def test_a_file_that_is_ended_is_whole(path: Path, end: bytes) -> None:
    path.write_bytes(end.join([b"a\tb", b"1\t2", b"3\t4", b""]))
    refuse_truncated(text_facts(path), path, layout_of(path))


@pytest.mark.parametrize(
    ("amounts", "is_truncated"),
    [
        (["0.10", "0.20", "0.3"], True),
        (["0.10", "0.20", "0"], True),
        (["0.10", "0.20", "0.30"], False),
        (["0.10", "0.2", "0.3"], False),
        (["0.1"], False),
        (["0.1", "0.20"], False),
    ],
)
def test_a_last_amount_with_fewer_decimals_is_truncated(
    path: Path, amounts: list[str], is_truncated: bool
) -> None:
    path.write_text("name\tamount\n" + "".join(f"x\t{amount}\n" for amount in amounts))
    layout = layout_of(path)
    scales = last_scales(path, layout, 1)
    if not is_truncated:
        refuse_short_amount(path, layout, scales)
        return
    with pytest.raises(RejectedPayloadError) as caught:
        refuse_short_amount(path, layout, scales)
    assert caught.value.code == "truncated"


def test_a_layout_names_itself(path: Path) -> None:
    path.write_bytes(b'"a";"b"\r\n')
    assert layout_of(path).name == "2 columns, semicolon, quoted, CRLF, ascii"
