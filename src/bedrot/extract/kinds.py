"""What a file is, when it is not ours: named from its content, so that people know what to do."""

from __future__ import annotations

import json
from pathlib import Path
from zipfile import BadZipFile, ZipFile

HEAD_BYTES = 256 * 1024

_MAGIC = (
    (b"%PDF-", "a PDF document"),
    (b"\x00\x00\x00\x01Bud1", "a macOS folder file (.DS_Store)"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Office document"),
    (b"\x89PNG\r\n", "a PNG picture"),
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"GIF8", "a GIF picture"),
    (b"PAR1", "a Parquet file"),
    (b"SQLite format 3\x00", "a SQLite database"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive"),
    (b"Rar!\x1a\x07", "a RAR archive"),
    (b"\x7fELF", "a program"),
    (b"MZ", "a program"),
    (b"{\\rtf", "an RTF document"),
)
_HALF_DOWNLOADS = (".crdownload", ".part", ".partial", ".download", ".opdownload")
_ARCHIVE_STARTS = (b"PK\x03\x04", b"PK\x05\x06")

EMPTY_JSON = "an empty JSON document"
JSON_LIKE = "text that begins like JSON"
IN_PLACE_OF_DATA = frozenset(
    {
        "an HTML page",
        "an empty file",
        "a half download",
        JSON_LIKE,
        EMPTY_JSON,
    }
)
"""What platforms and browsers give in place of an export."""

NEXT_STEPS = {
    EMPTY_JSON: "nothing in it tells whose it is: download the export again",
    "an Excel workbook": "export it from the platform as CSV or TSV, not from a spreadsheet",
    "a half download": "download it again, and import it when it is complete",
    "an empty file": "download it again",
    "an HTML page": "sign in, save the export itself, and import that",
    "a gzip archive": "unpack it and import what is inside",
    "a 7-Zip archive": "unpack it and import what is inside",
    "a RAR archive": "unpack it and import what is inside",
    "an encrypted zip archive": "unpack it with its password and import what is inside",
}


NOTHING_TO_DO = (
    "nothing to do; if it is a platform's export, `bedrot new-source --help` says how the lake "
    "learns to read it"
)


def read_head(path: Path) -> bytes:
    """The first bytes of a file, enough to know it by."""
    with path.open("rb") as file:
        return file.read(HEAD_BYTES)


def is_zip(path: Path) -> bool:
    """Whether a file begins like a zip archive and is no Office document."""
    return read_head(path)[:4] in _ARCHIVE_STARTS and _office_kind(path) is None


def kind_of(path: Path, name: str) -> str:
    """The kind of a file in words, such as `a PDF document`; the name decides only half downloads.

    Nothing of the content is told: the file may be personal.
    """
    if name.lower().endswith(_HALF_DOWNLOADS):
        return "a half download"
    head = read_head(path)
    if not head:
        return "an empty file"
    if head[:4] in _ARCHIVE_STARTS:
        return _office_kind(path) or "a zip archive"
    for magic, kind in _MAGIC:
        if head.startswith(magic):
            return kind
    return _text_kind(path, head)


def _office_kind(path: Path) -> str | None:
    try:
        with ZipFile(path) as archive:
            names = set(archive.namelist())
    except (BadZipFile, OSError, ValueError):
        return "a half download"  # a zip's list of members stands at its end
    if "[Content_Types].xml" in names:
        if any(name.startswith("xl/") for name in names):
            return "an Excel workbook"
        return "an Office document"
    if "mimetype" in names and "content.xml" in names:
        return "an OpenDocument file"
    return None


def _text_kind(path: Path, head: bytes) -> str:
    text = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if text.startswith((b"<!doctype html", b"<html")):
        return "an HTML page"
    if text.startswith(b"<?xml"):
        return "an XML document"
    if text.startswith((b"{", b"[", b"null")):
        try:
            document = json.loads(path.read_bytes() if len(head) == HEAD_BYTES else head)
        except (ValueError, RecursionError):  # nested far deeper than anybody writes by hand
            return JSON_LIKE
        return "a JSON document" if document else EMPTY_JSON
    if head.count(0) and head[:2] not in {b"\xff\xfe", b"\xfe\xff"}:
        return "a binary file of unknown kind"
    return "a text file that no source knows"
