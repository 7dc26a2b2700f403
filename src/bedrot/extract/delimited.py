"""Reading delimited text: encoding, line ends, delimiter, quoting and header from the bytes.

Python decides everything about the file and DuckDB is told it: its own detection turns one short
last row into a one-column table in silence, and reads columns by place, not by name.
"""

from __future__ import annotations

import codecs
import csv
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import dropwhile, islice
from pathlib import Path
from typing import TextIO

from bedrot.engine.quoting import literal, literals
from bedrot.errors import RejectedPayloadError

_BLOCK = 4 << 20
_DELIMITERS = "\t,;|"
_HEADER_LIMIT = 1 << 16
_DOWNLOAD_AGAIN = "download the export again and import it"


@dataclass(frozen=True, slots=True, kw_only=True)
class TextFacts:
    """What the bytes of a text file say: its encoding, and how often each line end stands in it."""

    encoding: str
    crlf_count: int
    cr_count: int
    lf_count: int
    ending: str
    """The line end at the very end of the file: `\\r\\n`, `\\r`, `\\n` or nothing."""

    @property
    def line_ends(self) -> str:
        """`CR`, `LF`, `CRLF`, `mixed` or `none`."""
        counts = {"CRLF": self.crlf_count, "CR": self.cr_count, "LF": self.lf_count}
        kinds = [kind for kind, count in counts.items() if count]
        return kinds[0] if len(kinds) == 1 else "mixed" if kinds else "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """How one delimited file is written. `header` holds the names as they stand in the file."""

    encoding: str
    line_ends: str
    delimiter: str
    quote: str
    header: tuple[str, ...]

    @property
    def quoted_by(self) -> str | None:
        """The delimiter between quoted fields; None where quotes have no meaning."""
        return self.delimiter if self.quote else None

    @property
    def name(self) -> str:
        """The layout in words: `13 columns, tab, unquoted, CR, ascii`."""
        delimiter = {"\t": "tab", ",": "comma", ";": "semicolon", "|": "pipe"}[self.delimiter]
        quoting = "quoted" if self.quote else "unquoted"
        return (
            f"{len(self.header)} columns, {delimiter}, {quoting}, {self.line_ends}, {self.encoding}"
        )


def text_facts(path: Path, *, limit: int | None = None) -> TextFacts:
    """Decide the encoding and the line ends of a file by reading all of it once.

    With a `limit` only so many bytes are looked at, which is enough to find the header.

    UTF-8 needs every byte to fit; what does not is cp1252, and where even that has no character
    for a byte, Latin-1. UTF-16 is known by its mark or by its zero bytes.

    Raises:
        RejectedPayloadError: the bytes are no text.
    """
    encoding = _marked_encoding(path) or _fitting_encoding(path, limit)
    crlf_count = cr_count = lf_count = 0
    held = ending = b""
    for block in _utf8_blocks(path, encoding, limit):
        text = held + block
        held = b"\r" if text.endswith(b"\r") else b""  # it may be half of a CRLF
        text = text.removesuffix(b"\r")
        cr, lf = text.count(b"\r"), text.count(b"\n")
        crlf = text.count(b"\r\n") if cr and lf else 0
        crlf_count += crlf
        cr_count += cr - crlf
        lf_count += lf - crlf
        ending = text[-2:] or ending
    return TextFacts(
        encoding=encoding,
        crlf_count=crlf_count,
        cr_count=cr_count + len(held),
        lf_count=lf_count,
        ending=_line_end((ending + held).decode("latin-1")),
    )


def _line_end(text: str) -> str:
    return next((end for end in ("\r\n", "\n", "\r") if text.endswith(end)), "")


def _marked_encoding(path: Path) -> str | None:
    with path.open("rb") as file:
        head = file.read(4096)
    if head.startswith(codecs.BOM_UTF8):
        return "utf-8-sig"
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    zeros = head.count(0)
    if zeros > len(head) // 4:
        return "utf-16-le" if head[1::2].count(0) > zeros // 2 else "utf-16-be"
    if zeros:
        msg = "the file holds zero bytes: it is not text"
        raise RejectedPayloadError(msg, code="not_text", seen=f"{zeros} zero bytes at the start")
    return None


def _blocks(path: Path, limit: int | None) -> Iterator[bytes]:
    with path.open("rb") as file:
        while block := file.read(min(_BLOCK, limit or _BLOCK)):
            yield block
            if limit is not None:
                return


def _fitting_encoding(path: Path, limit: int | None) -> str:
    ascii_only = True
    candidates = ["utf-8", "cp1252"]
    decoders = {name: codecs.getincrementaldecoder(name)() for name in candidates}
    for block in _blocks(path, limit):
        if ascii_only and block.isascii():
            continue
        ascii_only = False
        for name in list(candidates):
            try:
                decoders[name].decode(block)
            except UnicodeDecodeError:
                candidates.remove(name)
    if ascii_only:
        return "ascii"
    if "utf-8" in candidates:
        try:
            decoders["utf-8"].decode(b"", final=True)
        except UnicodeDecodeError:  # the file ends inside a character: it was cut
            return "utf-8"
        return "utf-8"
    return candidates[0] if candidates else "latin-1"


def _utf8_blocks(path: Path, encoding: str, limit: int | None) -> Iterator[bytes]:
    """The file's bytes in blocks, UTF-16 as UTF-8: line ends are the same bytes in all others."""
    wide = encoding.startswith("utf-16")
    decoder = codecs.getincrementaldecoder(encoding)(errors="replace")
    for block in _blocks(path, limit):
        yield decoder.decode(block).encode() if wide else block
    if wide and limit is None:  # half a character at the end: the file was cut there
        yield decoder.decode(b"", final=True).encode()


def records(path: Path, encoding: str, *, quoted_by: str | None) -> Iterator[str]:
    """The records of a file as they stand in it, header first, without their line ends.

    Any of CR, LF and CRLF ends a record; inside quotes none does. Empty records are passed over.
    `explain` prints records through this splitter, and `_row` counts them from 1 after the header.

    Args:
        path: The file.
        encoding: Its encoding, as `text_facts` found it.
        quoted_by: The delimiter of a quoted file; None where quotes have no meaning.
    """
    with path.open(encoding=encoding, errors="replace", newline="") as file:
        # What is blank before the header is no record: `read_layout` looks past it too.
        yield from dropwhile(lambda record: not record.strip(), _split(file, quoted_by))


def _split(file: TextIO, delimiter: str | None) -> Iterator[str]:
    quotes = _Quotes(delimiter) if delimiter else None
    lines: list[str] = []
    for line in file:  # newline="": lines end at CR, LF or CRLF, untranslated
        lines.append(line)
        if quotes is not None and not quotes.are_closed_by(line.rstrip("\r\n")):
            continue
        record = "".join(lines).rstrip("\r\n")
        lines.clear()
        if record:
            yield record
    if lines:
        yield "".join(lines).rstrip("\r\n")


_START, _PLAIN, _QUOTED, _CLOSED, _BROKEN = range(5)
# Where a quote, a delimiter and anything else lead. A quote opens only at the start of a field, a
# doubled one does not close, and what follows a closed field without a delimiter breaks the record.
_NEXT = {
    _START: (_QUOTED, _START, _PLAIN),
    _PLAIN: (_PLAIN, _START, _PLAIN),
    _QUOTED: (_CLOSED, _QUOTED, _QUOTED),
    _CLOSED: (_QUOTED, _START, _BROKEN),
    _BROKEN: (_BROKEN, _BROKEN, _BROKEN),
}


class _Quotes:
    """Says of each line whether it ends its record: every quote is closed, or their number is even.

    It keeps what the lines before have left open and looks at the new line alone, as after one
    quote that nobody closes the record is as long as the file.
    """

    def __init__(self, delimiter: str) -> None:
        other = re.escape(delimiter)
        self._runs = re.compile(f'(")|({other})|[^"{other}]+')
        self._state = _START
        self._is_odd = False

    def are_closed_by(self, line: str) -> bool:
        """Whether the record ends with this line, whose own end is left out."""
        self._is_odd ^= line.count('"') % 2 == 1
        if self._is_odd:
            self._state = self._after(line)
        if self._is_odd and self._state in {_QUOTED, _BROKEN}:  # in both a line end changes nothing
            return False
        self._state, self._is_odd = _START, False
        return True

    def _after(self, line: str) -> int:
        if self._state != _START and '"' not in line:
            return self._state
        state = self._state
        for run in self._runs.finditer(line):
            state = _NEXT[state][(run.lastindex or 3) - 1]
        return state


def split_fields(record: str, layout: Layout) -> list[str]:
    """The fields of one record."""
    if not layout.quote:
        return record.split(layout.delimiter)
    try:
        return next(csv.reader([record], delimiter=layout.delimiter, strict=False), [])
    except csv.Error:  # a part of a record, whose quotes do not pair
        return []


def read_layout(path: Path, facts: TextFacts) -> Layout | None:
    """The layout, or None if the first record does not look like a header of two or more names."""
    with path.open(encoding=facts.encoding, errors="replace", newline="") as file:
        head = file.read(_HEADER_LIMIT)
    first = next((line for line in re.split(r"\r\n|\r|\n", head) if line.strip()), "")
    first = _without_mark(first)
    if not first or len(first) == _HEADER_LIMIT:
        return None
    delimiter = max(_DELIMITERS, key=first.count)
    if not first.count(delimiter):
        return None
    # A tab-separated file is quoted only if its header is: a title may begin with a quote. Commas
    # stand in titles, so whoever writes commas quotes at least those.
    quote = '"' if delimiter != "\t" or first.startswith('"') else ""
    fields = next(csv.reader([first], delimiter=delimiter)) if quote else first.split(delimiter)
    return Layout(
        encoding=facts.encoding,
        line_ends=facts.line_ends,
        delimiter=delimiter,
        quote=quote,
        header=tuple(_without_mark(field).strip() for field in fields),
    )


def _without_mark(text: str) -> str:
    # A mark may be there twice, or decoded as Latin-1 by a tool in between.
    return text.removeprefix("\ufeff").removeprefix("\u00ef\u00bb\u00bf").removeprefix("\ufeff")


def refuse_truncated(facts: TextFacts, path: Path, layout: Layout) -> None:
    """Refuse a file whose last record is not ended, or ended unlike all the others.

    Raises:
        RejectedPayloadError: with code `truncated`.
    """
    cut_line_end = facts.ending == "\r" and facts.crlf_count > 0 and facts.cr_count == 1
    if facts.ending and not cut_line_end:
        return
    last = last_records(path, layout, 1)[-1:] or [""]
    msg = "the last record is not ended: the file was cut off"
    raise RejectedPayloadError(
        msg,
        code="truncated",
        seen=f"the file ends with `{last[0][-60:]}`",
        next_step=_DOWNLOAD_AGAIN,
    )


def last_records(path: Path, layout: Layout, count: int) -> list[str]:
    """Up to `count` last records, read from the end of the file."""
    width = 4 if layout.encoding.startswith("utf-16") else 1
    with path.open("rb") as file:
        size = file.seek(0, 2)
        start = max(0, size - _HEADER_LIMIT * width)
        start -= start % 2
        file.seek(start)
        encoding = layout.encoding
        if encoding == "utf-16":
            encoding = _utf16_order(path)
        text = file.read().decode(encoding, errors="replace")
    lines = [line for line in re.split(r"\r\n|\r|\n", text) if line]
    return lines[1:][-count:]  # the first one is the header, or may be a part of a record


def _utf16_order(path: Path) -> str:
    with path.open("rb") as file:
        return "utf-16-le" if file.read(2) == codecs.BOM_UTF16_LE else "utf-16-be"


def last_scales(path: Path, layout: Layout, column: int) -> list[int]:
    """The number of decimals in a column's last values, in the order of the file.

    A platform writes all amounts of an export with the same number of decimals. Records without
    any value are passed over, and so are amounts with letters, such as an exponent: they are no
    plain figures, of which the gate says more. None is told where the last one is no figure.
    """
    values = []
    for record in last_records(path, layout, 200):
        fields = split_fields(record, layout)
        if len(fields) == len(layout.header) and any(field.strip() for field in fields):
            values.append(fields[column])
    if values and not _is_figure(values[-1]):
        return []
    return [len(value.partition(".")[2]) for value in values if _is_figure(value)]


def _is_figure(value: str) -> bool:
    return not any(char.isalpha() for char in value)


def refuse_short_amount(path: Path, layout: Layout, scales: Sequence[int]) -> None:
    """Refuse a file whose last amount has fewer decimals than all amounts before it.

    Measured: of 20,000 random cuts of a real file 8.6 % leave a changed last amount that still
    reads as a number; a tool that adds the missing line end would make it look whole.

    Raises:
        RejectedPayloadError: with code `truncated`.
    """
    before, last = scales[:-1], scales[-1:]
    if before and len(set(before)) == 1 and last[0] < before[0]:
        msg = (
            f"the last amount has {last[0]} decimals where all others have {before[0]}: "
            "the file was cut off"
        )
        raise RejectedPayloadError(
            msg,
            code="truncated",
            seen=f"last record `{last_records(path, layout, 1)[0]}`",
            next_step=_DOWNLOAD_AGAIN,
        )


def readable_copy(path: Path, facts: TextFacts, layout: Layout, spool: Path) -> Path:
    """The file itself if DuckDB can read it as it is, else a UTF-8 copy with LF ends in `spool`.

    Only UTF-8 with one kind of line end is read as it is, and only if it begins with its header:
    DuckDB takes a blank first line for that.
    """
    plain_text = facts.encoding in {"ascii", "utf-8", "utf-8-sig"}
    if plain_text and facts.line_ends != "mixed" and not _begins_blank(path, facts):
        return path
    spool.mkdir(parents=True, exist_ok=True)
    copy = spool / f"{path.name}.utf8"
    with copy.open("w", encoding="utf-8", newline="\n") as target:
        split = records(path, layout.encoding, quoted_by=layout.quoted_by)
        while block := list(islice(split, 10_000)):
            target.write("\n".join(block) + "\n")
    return copy


def _begins_blank(path: Path, facts: TextFacts) -> bool:
    with path.open(encoding=facts.encoding, errors="replace") as file:
        return not file.readline(_HEADER_LIMIT).strip()


def read_sql(path: Path, layout: Layout, columns: Sequence[str]) -> str:
    """The `read_csv` call for a readable file; `columns` names the file's columns in its order.

    The line end is not named: DuckDB then takes CR, LF and CRLF alike, whereas a wrong or two
    character `new_line` returns no rows at all, without an error (2.0.0).
    """
    types = ", ".join(f"{literal(name)}: 'VARCHAR'" for name in columns)
    names = literals(columns)
    return (
        f"read_csv({literal(str(path))}, auto_detect = false, header = true, strict_mode = true, "
        f"delim = {literal(layout.delimiter)}, quote = {literal(layout.quote)}, "
        f"escape = {literal(layout.quote)}, columns = {{{types}}}, force_not_null = [{names}])"
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Misshapen:
    """A record that has not as many fields as the header."""

    number: int
    text: str
    fields: int
    is_last: bool


def first_misshapen_record(path: Path, layout: Layout) -> Misshapen | None:
    """The first record whose number of fields differs from the header's."""
    split = records(path, layout.encoding, quoted_by=layout.quoted_by)
    next(split, None)
    for number, record in enumerate(split, start=1):
        fields = len(split_fields(record, layout))
        if fields != len(layout.header):
            is_last = next(split, None) is None
            return Misshapen(number=number, text=record, fields=fields, is_last=is_last)
    return None
