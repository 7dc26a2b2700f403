"""Archives and folders: every file in them is judged by itself, whatever it is called."""

import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest

from bedrot.pipeline.bringing import Imported
from bedrot.sources.distrokid.synthetic import (
    CURRENT,
    LEGACY,
    EarningsLine,
    sign_in_page,
    write_earnings,
)
from bedrot.zones.lake import Lake
from bedrot.zones.landing import capture_keys, read_capture
from bedrot.zones.raw import raw_keys

Bring = Callable[..., dict[str, Imported]]
Zipped = Callable[..., bytes]


@pytest.fixture
def export(line: EarningsLine) -> bytes:
    return write_earnings([line], LEGACY)


@pytest.fixture
def other(line: EarningsLine) -> bytes:
    return write_earnings([replace(line, country="NA")], CURRENT)


def outcomes(told: dict[str, Imported]) -> list[str]:
    return [done.outcome for done in told.values()]


def test_a_zip_of_zips_lands_file_by_file(
    lake: Lake, bring: Bring, zipped: Zipped, given: Path, export: bytes, other: bytes
) -> None:
    inner = zipped({"results.csv": other})
    (given / "bank.zip").write_bytes(
        zipped({"1.zip": inner, "2.zip": zipped({"results.csv": export})})
    )
    told = bring()
    assert outcomes(told) == ["landed", "landed"]
    assert list(told) == ["bank.zip > 1.zip > results.csv", "bank.zip > 2.zip > results.csv"]
    assert len(list(raw_keys(lake))) == 2


def test_a_member_of_a_zip_is_the_payload_and_not_the_zip(
    lake: Lake, bring: Bring, zipped: Zipped, given: Path, export: bytes
) -> None:
    (given / "a.zip").write_bytes(zipped({"a.tsv": export}))
    (given / "b.zip").write_bytes(zipped({"a.tsv": export}, when=(2025, 6, 1, 0, 0, 0)))
    (given / "c.tsv").write_bytes(export)
    assert outcomes(bring()) == ["landed", "known", "known"]
    assert [lake.store.read(key) for key in raw_keys(lake)] == [export]


def test_the_capture_says_which_archive_held_it(
    lake: Lake, bring: Bring, zipped: Zipped, given: Path, export: bytes
) -> None:
    (given / "bank.zip").write_bytes(zipped({"folder/results.tsv": export}))
    bring()
    [record] = [read_capture(lake, key) for key in capture_keys(lake)]
    assert record.name == "folder/results.tsv"
    assert str(record.container).startswith("given/bank.zip#")


def test_strangers_and_pages_in_a_zip_are_told_one_by_one(
    bring: Bring, zipped: Zipped, given: Path, export: bytes
) -> None:
    (given / "a.zip").write_bytes(
        zipped(
            {
                "1.tsv": export,
                "2.pdf": b"%PDF-1.7",
                "3.tsv": sign_in_page(),
                "4.tsv": export[:-1],
                "__MACOSX/._1.tsv": b"\x00\x05\x16\x07\x00\x02\x00\x00Mac OS X",
            }
        )
    )
    assert outcomes(bring()) == ["landed", "refused", "set_aside", "set_aside", "refused"]


def test_a_bomb_and_too_deep_archives_are_refused_and_the_rest_lands(
    bring: Bring, zipped: Zipped, given: Path, export: bytes
) -> None:
    deep = export
    for _ in range(5):
        deep = zipped({"x": deep})
    (given / "1_bomb.zip").write_bytes(zipped({"big.tsv": bytes(40 << 20)}))
    (given / "2_deep.zip").write_bytes(deep)
    (given / "3_fine.zip").write_bytes(zipped({"a.tsv": export}))
    told = bring()
    assert outcomes(told) == ["refused", "refused", "landed"]
    assert all(done.reason for done in told.values())


def test_an_encrypted_member_is_refused_with_what_to_do(
    bring: Bring, zipped: Zipped, given: Path, export: bytes
) -> None:
    content = bytearray(zipped({"a.tsv": export}))
    content[6] |= 1
    content[content.index(b"PK\x01\x02") + 8] |= 1
    (given / "locked.zip").write_bytes(content)
    [told] = bring().values()
    assert told.outcome == "refused"
    assert "encrypted" in told.reason


@pytest.mark.parametrize(
    "name", ["../../evil.tsv", "/evil.tsv", "..\\evil.tsv", "a/../../../evil.tsv"]
)
def test_a_member_cannot_leave_the_lake(
    lake: Lake, bring: Bring, zipped: Zipped, given: Path, export: bytes, name: str
) -> None:
    (given / "a.zip").write_bytes(zipped({name: export}))
    assert outcomes(bring()) == ["landed"]
    assert list(given.parent.rglob("evil*")) == []
    assert list(given.parents[1].glob("evil*")) == []
    assert not Path("/evil.tsv").exists()
    assert all(".." not in key for key in lake.store.list("landing"))


def test_member_names_that_are_no_utf8_can_be_kept(
    lake: Lake, bring: Bring, zipped: Zipped, given: Path, export: bytes
) -> None:
    (given / "old.zip").write_bytes(
        zipped({"name_XX.tsv": export}).replace(b"name_XX", b"name_\x81\xff")
    )
    assert outcomes(bring()) == ["landed"]
    [record] = [read_capture(lake, key) for key in capture_keys(lake)]
    record.to_json().encode()


def test_a_zip_with_impossible_names_stops_no_other(
    bring: Bring, zipped: Zipped, given: Path, export: bytes
) -> None:
    (given / "1.zip").write_bytes(zipped({"é.tsv": b"x"}).replace("é".encode(), b"\xff\xfe"))
    (given / "2.tsv").write_bytes(export)
    assert outcomes(bring()) == ["refused", "landed"]


def test_a_cut_zip_is_a_half_download(
    bring: Bring, zipped: Zipped, given: Path, export: bytes
) -> None:
    (given / "cut.zip").write_bytes(zipped({"a.tsv": export, "b.bin": os.urandom(2000)})[:-60])
    [told] = bring().values()
    assert (told.outcome, told.kind) == ("refused", "a half download")
    assert told.next_step


def test_damaged_packed_bytes_refuse_that_member_alone(
    bring: Bring, zipped: Zipped, given: Path, export: bytes
) -> None:
    content = bytearray(zipped({"a.bin": Random(1).randbytes(300) * 4, "b.tsv": export}))
    content[60:200] = bytes(byte ^ 0xFF for byte in content[60:200])
    (given / "damaged.zip").write_bytes(content)
    assert outcomes(bring()) == ["refused", "landed"]


def test_a_folder_is_walked_to_its_end(
    bring: Bring, given: Path, export: bytes, other: bytes
) -> None:
    (given / "2025" / "may").mkdir(parents=True)
    (given / "2025" / "may" / "a.tsv").write_bytes(export)
    (given / "2025" / "b.csv").write_bytes(other)
    (given / "empty").mkdir()
    told = bring()
    assert set(told) == {"2025/may/a.tsv", "2025/b.csv"}
    assert outcomes(told) == ["landed", "landed"]


def test_files_and_folders_may_be_named_together(
    bring: Bring, given: Path, export: bytes, other: bytes
) -> None:
    (given / "sub").mkdir()
    (given / "a.tsv").write_bytes(export)
    (given / "sub" / "b.csv").write_bytes(other)
    assert list(bring(given / "a.tsv", given / "sub")) == ["a.tsv", "sub/b.csv"]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_pipe_is_refused(bring: Bring, given: Path, export: bytes) -> None:
    os.mkfifo(given / "a.tsv")
    (given / "b.tsv").write_bytes(export)
    assert outcomes(bring()) == ["refused", "landed"]


def test_a_link_lands_what_it_points_at_and_a_broken_one_stops_nothing(
    bring: Bring, given: Path, tmp_path: Path, export: bytes
) -> None:
    (tmp_path / "kept.tsv").write_bytes(export)
    (given / "1.tsv").symlink_to(tmp_path / "gone.tsv")
    (given / "2.tsv").symlink_to(tmp_path / "kept.tsv")
    assert outcomes(bring()) == ["refused", "landed"]


@pytest.mark.skipif(os.name == "nt", reason="Windows names are text")
def test_a_file_name_that_is_no_text_lands(
    lake: Lake, bring: Bring, given: Path, export: bytes
) -> None:
    Path(os.fsdecode(os.fsencode(given) + b"/caf\xe9.tsv")).write_bytes(export)
    [told] = bring().values()
    assert told.outcome == "landed"
    [record] = [read_capture(lake, key) for key in capture_keys(lake)]
    assert record.name.startswith("given/caf")
