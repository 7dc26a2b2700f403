"""What a file is, is known from its content; what is not ours leaves nothing in the lake."""

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from bedrot.pipeline.bringing import Imported
from bedrot.sources.distrokid.synthetic import (
    CURRENT,
    LAYOUTS,
    LEGACY,
    EarningsLine,
    Layout,
    sign_in_page,
    write_earnings,
)
from bedrot.zones.lake import Lake
from bedrot.zones.landing import capture_keys, sha256_of
from bedrot.zones.raw import raw_keys

Bring = Callable[..., dict[str, Imported]]
Zipped = Callable[..., bytes]
Holds = Callable[[bytes], list[str]]

MARK = b"rosebud-4711"


def _office(folder: str) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr(f"{folder}/main.xml", b"<w>" + MARK + b"</w>")
    return held.getvalue()


STRANGERS = {
    "report.pdf": (b"%PDF-1.7\n" + MARK, "a PDF document"),
    "earnings.tsv": (b"%PDF-1.4 under another name " + MARK, "a PDF document"),
    "book.xlsx": (_office("xl"), "an Excel workbook"),
    "book.csv": (_office("xl"), "an Excel workbook"),
    "letter.docx": (_office("word"), "an Office document"),
    ".DS_Store": (b"\x00\x00\x00\x01Bud1\x00" + MARK, "a macOS folder file (.DS_Store)"),
    "earnings.tsv.crdownload": (b"Reporting Date\tSale Month\t" + MARK, "a half download"),
    "nothing.tsv": (b"", "an empty file"),
    "cover.png": (b"\x89PNG\r\n\x1a\n" + MARK, "a PNG picture"),
    "page.html": (b"<!doctype html><title>My bank</title>" + MARK, "an HTML page"),
    "page.tsv": (b"<html><body>Log in to Kazoo " + MARK, "an HTML page"),
    "data.json": (b'{"name": "' + MARK + b'"}', "a JSON document"),
    "diary.txt": (b"Dear diary,\n" + MARK, "a text file that no source knows"),
    "contacts.csv": (b"Name,E-mail,City\nA," + MARK + b",B\n", "a text file that no source knows"),
    "noise.bin": (bytes(range(256)) + MARK, "a binary file of unknown kind"),
}


@pytest.fixture
def strangers(given: Path) -> Path:
    for name, (content, _) in STRANGERS.items():
        (given / name).write_bytes(content)
    return given


def test_what_is_not_ours_is_named_for_what_it_is(bring: Bring, strangers: Path) -> None:
    told = bring()
    assert {name: (done.outcome, done.kind) for name, done in told.items()} == {
        name: ("refused", kind) for name, (_, kind) in STRANGERS.items()
    }
    for name, done in told.items():
        assert done.kind in done.reason
        assert done.sha256 == sha256_of(strangers / name)


def test_what_is_not_ours_stays_outside(
    lake: Lake, bring: Bring, holds: Holds, strangers: Path
) -> None:
    for name, done in bring().items():
        assert holds(name.encode()) == []
        assert holds(done.sha256.encode()) == []
    assert holds(MARK) == []
    assert list(capture_keys(lake)) == []


def test_what_is_not_ours_says_nothing_of_its_content(bring: Bring, strangers: Path) -> None:
    said: list[str] = []
    told = bring(before=lambda _shown, what: said.append(what))
    assert MARK.decode() not in repr(told) + repr(said)


NAMES = ("export.txt", "export.dat", "export", "a b.PDF", "x.tsv.1", "日.csv")


@pytest.mark.parametrize(("name", "layout"), list(zip(NAMES, [*LAYOUTS, *LAYOUTS], strict=False)))
def test_ours_lands_under_any_name(
    bring: Bring, given: Path, line: EarningsLine, name: str, layout: Layout
) -> None:
    (given / name).write_bytes(write_earnings([line], layout))
    told = bring()[name]
    assert (told.outcome, told.source, told.stream) == ("landed", "distrokid", "earnings")
    assert (told.rows, told.amount) == (1, line.earnings)
    assert str(told.newest) == "2025-05-24"


def test_landed_bytes_are_the_files_bytes(
    lake: Lake, bring: Bring, given: Path, line: EarningsLine
) -> None:
    (given / "a.tsv").write_bytes(write_earnings([line], LEGACY))
    bring()
    [raw] = raw_keys(lake)
    landed = [key for key in lake.store.list("landing") if key.endswith("/payload")]
    assert lake.store.read(raw) == lake.store.read(landed[0]) == (given / "a.tsv").read_bytes()


def test_landed_and_raw_bytes_are_read_only(
    lake: Lake, bring: Bring, given: Path, line: EarningsLine
) -> None:
    (given / "a.tsv").write_bytes(write_earnings([line], LEGACY))
    bring()
    for key in [*raw_keys(lake), *(k for k in lake.store.list("landing") if k.endswith("payload"))]:
        assert lake.store.local(key).stat().st_mode & 0o222 == 0


def test_a_sign_in_page_is_set_aside_under_any_name(lake: Lake, bring: Bring, given: Path) -> None:
    (given / "earnings.tsv").write_bytes(sign_in_page())
    told = bring()["earnings.tsv"]
    assert told.outcome == "set_aside"
    assert "sign-in page" in told.reason
    assert "sign in" in told.next_step
    assert list(raw_keys(lake)) == []
    assert [key.split("/")[1] for key in lake.store.list("quarantine")] == ["distrokid"]


def test_a_file_is_said_before_and_after(bring: Bring, given: Path, line: EarningsLine) -> None:
    (given / "a.tsv").write_bytes(write_earnings([line], LEGACY))
    (given / "b.pdf").write_bytes(b"%PDF-1.7")
    (given / "c.tsv").write_bytes(sign_in_page())
    said: list[tuple[str, str]] = []
    told = bring(before=lambda shown, what: said.append((Path(shown).name, what)))
    assert [name for name, _ in said] == list(told) == ["a.tsv", "b.pdf", "c.tsv"]
    assert "distrokid.earnings" in said[0][1]
    assert "PDF" in said[1][1]
    assert "DistroKid" in said[2][1]


def test_a_failing_file_stops_no_other(bring: Bring, given: Path, line: EarningsLine) -> None:
    whole = write_earnings([line, line], CURRENT)
    (given / "1_cut.csv").write_bytes(whole[:-20])
    (given / "2_page.tsv").write_bytes(sign_in_page())
    (given / "3_open_quote.csv").write_bytes(whole.replace(b'Said the Sea"', b"Said the Sea"))
    (given / "4_exponent.csv").write_bytes(whole.replace(b'"0.0312', b'"3E-2').replace(b"E", b"e"))
    (given / "5_header.csv").write_bytes(write_earnings([], CURRENT))
    (given / "6_stranger.pdf").write_bytes(b"%PDF-1.7")
    (given / "7_ours.csv").write_bytes(whole)
    outcomes = {name: told.outcome for name, told in bring().items()}
    assert list(outcomes.values()) == ["set_aside"] * 5 + ["refused", "landed"]


@pytest.mark.parametrize(
    ("old", "new", "seen"),
    [
        (b"ZZBDR2500001", b"1.20E+11", "1.20E+11"),
        (b"400000000013", b"4E+11", "4E+11"),
        (b"\t12\t", b"\t1.2E+1\t", "1.2E+1"),
        (b"0.03120000", b"3.12E-02", "3.12E-02"),
        (b"2025-03", b"45717", "45717"),
    ],
    ids=["isrc", "upc", "units", "amount", "month"],
)
def test_a_spreadsheets_reshaping_is_shown_and_counts_nowhere(
    bring: Bring, given: Path, line: EarningsLine, old: bytes, new: bytes, seen: str
) -> None:
    content = write_earnings([line] * 3, LEGACY)
    (given / "a.tsv").write_bytes(content.replace(old, new, 1))
    told = bring()["a.tsv"]
    assert told.outcome == "set_aside"
    assert seen in told.seen
    assert told.next_step


def test_a_missing_column_is_set_aside_and_named(
    bring: Bring, given: Path, line: EarningsLine
) -> None:
    (given / "a.tsv").write_bytes(
        write_earnings([line], LEGACY).replace(b"Earnings (USD)", b"Income", 1)
    )
    told = bring()["a.tsv"]
    assert told.outcome == "set_aside"
    assert "`Earnings (USD)`" in told.reason
    assert "Income" in told.seen


def test_unknown_columns_and_stores_are_said_and_stop_nothing(
    bring: Bring, given: Path, line: EarningsLine
) -> None:
    header, record, _ = write_earnings([line], LEGACY).split(b"\r")
    record = record.replace(b"Spotify", b"Kazoo Radio") + b"\tglum"
    (given / "a.tsv").write_bytes(b"\r".join([header + b"\tMood", record, b""]))
    told = bring()["a.tsv"]
    assert told.outcome == "landed"
    assert any("Mood" in warning for warning in told.warnings)
    assert any("Kazoo Radio" in warning for warning in told.warnings)


def test_a_stated_source_looks_for_its_files_only(
    bring: Bring, given: Path, line: EarningsLine
) -> None:
    (given / "a.tsv").write_bytes(write_earnings([line], LEGACY))
    assert bring(source="distrokid.earnings")["a.tsv"].outcome == "landed"
