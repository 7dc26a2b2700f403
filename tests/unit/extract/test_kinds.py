import io
import zipfile
from pathlib import Path

import pytest

from bedrot.extract.kinds import NEXT_STEPS, is_zip, kind_of


def zipped(**members: str) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        for name, content in members.items():
            archive.writestr(name.replace("__", "/"), content)
    return held.getvalue()


XLSX = zipped(**{"[Content_Types].xml": "<Types/>", "xl__workbook.xml": "<workbook/>"})
DOCX = zipped(**{"[Content_Types].xml": "<Types/>", "word__document.xml": "<document/>"})
ODS = zipped(**{"mimetype": "application/vnd.oasis", "content.xml": "<x/>"})
CSV_IN_ZIP = zipped(**{"a.csv": "a,b\n1,2\n"})


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"%PDF-1.7\n%\xe2\xe3", "a PDF document"),
        (b"\x00\x00\x00\x01Bud1\x00\x00", "a macOS folder file (.DS_Store)"),
        (b"\x89PNG\r\n\x1a\n\x00", "a PNG picture"),
        (XLSX, "an Excel workbook"),
        (DOCX, "an Office document"),
        (ODS, "an OpenDocument file"),
        (CSV_IN_ZIP, "a zip archive"),
        (CSV_IN_ZIP[:40], "a half download"),
        (b"", "an empty file"),
        (b"<!DOCTYPE html><html></html>", "an HTML page"),
        (b"\xef\xbb\xbf\n <HTML>", "an HTML page"),
        (b"<?xml version='1.0'?><a/>", "an XML document"),
        (b'{"data": [1, 2]}', "a JSON document"),
        (b'[{"a": 1}', "text that begins like JSON"),
        (b"Dear diary,\nnothing happened.\n", "a text file that no source knows"),
        (b"\x01\x02\x00\x00\x03", "a binary file of unknown kind"),
        (b"\xff\xd8\xff\xe0", "a JPEG picture"),
        (b"PAR1\x15\x04", "a Parquet file"),
        (b"\x1f\x8b\x08\x00", "a gzip archive"),
    ],
    # A zip holds the time at which it was made, which is no part of a test's name.
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_file_is_named_for_what_it_is(tmp_path: Path, content: bytes, kind: str) -> None:
    path = tmp_path / "earnings.tsv"
    path.write_bytes(content)
    assert kind_of(path, path.name) == kind


@pytest.mark.parametrize("name", ["a.tsv.crdownload", "A.PART", "a.csv.download", "a.partial"])
def test_a_half_download_is_known_by_its_name(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(b"a,b\n1")
    assert kind_of(path, name) == "a half download"


def test_an_office_document_is_no_archive(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    for content, is_archive in [(XLSX, False), (DOCX, False), (ODS, False), (CSV_IN_ZIP, True)]:
        path.write_bytes(content)
        assert is_zip(path) is is_archive


def test_large_json_is_read_whole(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text("[" + "1," * 200_000 + "1]")
    assert kind_of(path, path.name) == "a JSON document"


@pytest.mark.parametrize("kind", ["an Excel workbook", "a half download", "an empty file"])
def test_what_people_can_mend_has_a_next_step(kind: str) -> None:
    assert NEXT_STEPS[kind]
