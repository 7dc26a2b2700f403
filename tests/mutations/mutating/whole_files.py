"""Changes to a file as bytes: cuts, encodings, line ends, and files of other kinds in its place."""

from __future__ import annotations

import gzip
import io
import random
import re
import zipfile

from mutating.model import Change


def cut_at(share: float) -> Change:
    """The file ends somewhere around a part of it, inside a line."""

    def change(content: bytes, chance: random.Random) -> bytes:
        end = int(len(content) * share) + chance.randrange(-9, 10)
        while {*content[end - 1 : end + 1]} & {*b"\r\n\0"}:
            end -= 1
        return content[:end]

    return change


def cut_by(count: int) -> Change:
    """The last bytes are missing."""
    return lambda content, _: content[:-count]


def cut_and_ended(end: bytes) -> Change:
    """Cut in the last record, and ended again by a tool."""
    return lambda content, _: content.rstrip(b"\r\n")[:-3] + end


def encoded(to: str, given: str = "utf-8", mark: bytes = b"") -> Change:
    return lambda content, _: mark + content.decode(given).encode(to, errors="replace")


def mojibake(content: bytes, _: random.Random) -> bytes:
    """UTF-8 that somebody took for cp1252 and saved as UTF-8."""
    return content.decode("cp1252", errors="replace").encode()


def marked(content: bytes, _: random.Random) -> bytes:
    """A byte order mark, twice: a tool put one before that of the platform."""
    return b"\xef\xbb\xbf\xef\xbb\xbf" + content


def ended_by(newline: bytes) -> Change:
    return lambda content, _: re.sub(rb"\r\n|\r|\n", newline, content)


def ended_in_turn(content: bytes, _: random.Random) -> bytes:
    """CR, LF and CRLF in one file."""
    records = re.split(rb"\r\n|\r|\n", content.rstrip(b"\r\n"))
    ends = (b"\r", b"\n", b"\r\n")
    return b"".join(record + ends[place % 3] for place, record in enumerate(records))


def spaced(content: bytes, _: random.Random) -> bytes:
    """An empty line behind every record, and some at the end."""
    return re.sub(rb"(\r\n|\r|\n)", rb"\1\1", content) + b"\n\n"


def before(text: bytes) -> Change:
    return lambda content, _: text + content


def behind(text: bytes) -> Change:
    return lambda content, _: content + text


def instead(text: bytes) -> Change:
    """Something else under the export's name; a number in it keeps two such files apart."""
    return lambda _, chance: text.replace(b"%d", str(chance.randrange(10**9)).encode())


def in_bytes(old: bytes, new: bytes, count: int = -1) -> Change:
    """A piece replaced by another one."""

    def change(content: bytes, _: random.Random) -> bytes:
        assert old in content, f"no {old!r}"
        return content.replace(old, new, count)

    return change


def by_pattern(pattern: bytes, new: bytes, count: int = 0) -> Change:
    """What matches replaced by something else."""

    def change(content: bytes, _: random.Random) -> bytes:
        told, number = re.subn(pattern, new, content, count=count)
        assert number, f"nothing matches {pattern!r}"
        return told

    return change


def in_turn(*changes: Change) -> Change:
    """One change after the other."""

    def change(content: bytes, chance: random.Random) -> bytes:
        for one in changes:
            content = one(content, chance)
        return content

    return change


def packed(content: bytes, _: random.Random) -> bytes:
    """A gzip archive under the export's name."""
    return gzip.compress(content, mtime=0)


def workbook(content: bytes, _: random.Random) -> bytes:
    """What an Excel workbook is: a zip with a list of content types."""
    return zipped({"[Content_Types].xml": b"<Types/>", "xl/worksheets/sheet1.xml": content})


def zipped(members: dict[str, bytes], moment: tuple[int, ...] = (2025, 6, 1, 12, 0, 0)) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            info = zipfile.ZipInfo(name, moment)
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, content)
    return target.getvalue()


def html_table(delimiter: str) -> Change:
    """The table as a page of HTML, which some tools call an Excel file."""

    def change(content: bytes, _: random.Random) -> bytes:
        lines = content.decode("utf-8-sig").split("\n")
        rows = "".join(
            "<tr>" + "".join(f"<td>{cell}</td>" for cell in line.split(delimiter)) + "</tr>"
            for line in lines
        )
        return f"<html><body><table>{rows}</table></body></html>".encode()

    return change


HTML_ERROR = (
    b"<!DOCTYPE html><html><head><title>502 Bad Gateway</title></head><body>%d</body></html>"
)
JSON_ERROR = b'{"message": "Unauthenticated.", "request": %d}'
