import io
import os
import zipfile
from datetime import UTC, datetime
from pathlib import Path
from random import Random

import pytest

from bedrot.errors import UsageError
from bedrot.extract import inbox
from bedrot.extract.inbox import Handed, walk

WHEN = (2025, 5, 27, 10, 29, 36)


def zipped(members: dict[str, bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        for name, content in members.items():
            archive.writestr(zipfile.ZipInfo(name, WHEN), content, compression)
    return held.getvalue()


def nested(depth: int) -> bytes:
    content = b"a,b\n1,2\n"
    for level in range(depth):
        content = zipped({f"level{level}.zip" if level else "a.csv": content})
    return content


@pytest.fixture
def spool(tmp_path: Path) -> Path:
    folder = tmp_path / "spool" / "inner"
    folder.mkdir(parents=True)
    return folder


@pytest.fixture
def given(tmp_path: Path) -> Path:
    folder = tmp_path / "given"
    folder.mkdir()
    return folder


def contents(path: Path, spool: Path) -> list[tuple[Handed, bytes]]:
    return [(handed, handed.path.read_bytes()) for handed in walk([path], spool)]


def test_folders_are_walked_in_a_fixed_order_with_names_below_them(
    given: Path, spool: Path
) -> None:
    for name in ["b/2.csv", "b/1.csv", "a.csv", "a/c/x.csv"]:
        (given / name).parent.mkdir(parents=True, exist_ok=True)
        (given / name).write_text("a,b\n")
    names = [handed.name for handed in walk([given], spool)]
    assert names == ["given/a/c/x.csv", "given/a.csv", "given/b/1.csv", "given/b/2.csv"]


def test_a_file_keeps_its_folders_name(given: Path, spool: Path) -> None:
    (given / "a.csv").write_text("a,b\n")
    [handed] = walk([given / "a.csv"], spool)
    assert handed.name == "given/a.csv"


def test_a_missing_path_is_the_askers_error(given: Path, spool: Path) -> None:
    with pytest.raises(UsageError, match="does not exist"):
        list(walk([given / "none.csv"], spool))


def test_members_come_out_with_their_bytes_name_and_time(given: Path, spool: Path) -> None:
    (given / "all.zip").write_bytes(zipped({"2025/b.csv": b"two", "a.csv": b"one"}))
    (first, one), (second, two) = contents(given / "all.zip", spool)
    assert (first.name, one) == ("2025/b.csv", b"two")
    assert (second.name, two) == ("a.csv", b"one")
    assert first.container is not None
    assert first.container.startswith("given/all.zip#")
    assert first.member_time == datetime(*WHEN, tzinfo=UTC)


@pytest.mark.parametrize("depth", [1, 2, 3])
def test_zips_in_zips_are_opened(given: Path, spool: Path, depth: int) -> None:
    (given / "deep.zip").write_bytes(nested(depth))
    [(handed, content)] = contents(given / "deep.zip", spool)
    assert (handed.name, content, handed.refused) == ("a.csv", b"a,b\n1,2\n", None)
    assert handed.container is not None
    folders, _, digest = handed.container.rpartition("#")
    assert folders.startswith("given/deep.zip")
    assert folders.count(".zip") == depth
    assert digest


def test_zips_that_lie_too_deep_are_refused(given: Path, spool: Path) -> None:
    (given / "deep.zip").write_bytes(nested(4))
    [handed] = walk([given / "deep.zip"], spool)
    assert handed.refused is not None
    assert "deep" in handed.refused


def test_too_many_members_are_refused(
    given: Path, spool: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inbox, "MAX_MEMBERS", 3)
    (given / "many.zip").write_bytes(zipped({f"{n}.csv": b"x" for n in range(4)}))
    [handed] = walk([given / "many.zip"], spool)
    assert "4 members" in str(handed.refused)


def test_too_many_bytes_are_refused(
    given: Path, spool: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inbox, "MAX_BYTES", 10)
    (given / "big.zip").write_bytes(zipped({"a.csv": b"x" * 11}))
    [handed] = walk([given / "big.zip"], spool)
    assert "11 bytes" in str(handed.refused)


def test_a_bomb_is_not_unpacked(given: Path, spool: Path) -> None:
    (given / "bomb.zip").write_bytes(zipped({"a.csv": bytes(50 << 20), "b.csv": b"fine"}))
    bomb, fine = walk([given / "bomb.zip"], spool)
    assert "times its packed size" in str(bomb.refused)
    assert fine.refused is None


def test_a_size_that_lies_does_not_help_a_bomb(given: Path, spool: Path) -> None:
    content = zipped({"a.csv": bytes(50 << 20)})
    true_size, lie = (50 << 20).to_bytes(4, "little"), (10).to_bytes(4, "little")
    (given / "bomb.zip").write_bytes(content.replace(true_size, lie))
    [(is_refused, size)] = [
        (handed.refused is not None, handed.path.stat().st_size)
        for handed in walk([given / "bomb.zip"], spool)
    ]
    assert is_refused
    assert size < 2 << 20


def test_an_encrypted_member_is_refused_and_the_rest_read(given: Path, spool: Path) -> None:
    content = bytearray(zipped({"a.csv": b"secret", "b.csv": b"fine"}, zipfile.ZIP_STORED))
    content[6] |= 1  # the first local header's flags
    content[content.index(b"PK\x01\x02") + 8] |= 1  # and the directory's
    (given / "locked.zip").write_bytes(content)
    locked, fine = walk([given / "locked.zip"], spool)
    assert "encrypted" in str(locked.refused)
    assert fine.refused is None


@pytest.mark.parametrize(
    "name",
    ["../../evil.csv", "/evil.csv", "..\\..\\evil.csv", "C:\\evil.csv", "a/../../../evil.csv"],
)
def test_a_members_name_is_never_a_path(
    tmp_path: Path, given: Path, spool: Path, name: str
) -> None:
    (given / "a.zip").write_bytes(zipped({name: b"a,b\n"}))
    before = {path for path in tmp_path.rglob("*") if path.is_file()}
    for handed in walk([given / "a.zip"], spool):
        assert handed.path.parent == spool
        assert handed.path.read_bytes() == b"a,b\n"
    assert {path for path in tmp_path.rglob("*") if path.is_file()} == before
    assert not Path("/evil.csv").exists()


def test_a_member_named_in_an_old_code_page_is_read(given: Path, spool: Path) -> None:
    content = zipped({"name_XX.csv": b"a,b\n"}).replace(b"name_XX", b"name_\x81\xff")
    (given / "old.zip").write_bytes(content)
    [handed] = walk([given / "old.zip"], spool)
    assert handed.refused is None
    handed.name.encode()


def test_a_member_name_that_is_no_utf8_stops_nothing(given: Path, spool: Path) -> None:
    content = zipped({"é.csv": b"a,b\n"}).replace("é".encode(), b"\xff\xfe")
    (given / "odd.zip").write_bytes(content)
    (given / "z.csv").write_text("a,b\n")
    found = list(walk([given], spool))
    assert found[-1].name == "given/z.csv"
    assert len(found) == 2


@pytest.mark.parametrize("seed", [1, 3], ids=["cannot be unpacked", "unpacks to other bytes"])
def test_damaged_packed_bytes_refuse_that_member_alone(given: Path, spool: Path, seed: int) -> None:
    content = bytearray(zipped({"a.csv": Random(seed).randbytes(300) * 4, "b.csv": b"fine"}))
    content[60:200] = bytes(byte ^ 0xFF for byte in content[60:200])
    (given / "damaged.zip").write_bytes(content)
    damaged, fine = walk([given / "damaged.zip"], spool)
    assert "cannot be unpacked" in str(damaged.refused)
    assert fine.refused is None


def test_a_member_whose_own_header_is_damaged_is_refused_alone(given: Path, spool: Path) -> None:
    content = bytearray(zipped({"a.csv": b"fine", "b.csv": b"two"}))
    second = content.index(b"PK\x03\x04", 4)
    content[second : second + 2] = b"XX"
    (given / "damaged.zip").write_bytes(content)
    fine, damaged = walk([given / "damaged.zip"], spool)
    assert fine.refused is None
    assert "cannot be unpacked" in str(damaged.refused)


def test_a_cut_zip_is_handed_over_as_it_is(given: Path, spool: Path) -> None:
    (given / "cut.zip").write_bytes(zipped({"a.csv": os.urandom(4000)})[:2000])
    [handed] = walk([given / "cut.zip"], spool)
    assert (handed.container, handed.refused) == (None, None)


def test_an_empty_zip_is_said_too(given: Path, spool: Path) -> None:
    (given / "empty.zip").write_bytes(zipped({}))
    assert len(list(walk([given / "empty.zip"], spool))) == 1


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_pipe_is_refused_without_waiting_for_it(given: Path, spool: Path) -> None:
    os.mkfifo(given / "pipe.tsv")
    [handed] = walk([given], spool)
    assert handed.refused == "it is no regular file"


def test_a_link_to_a_file_is_read(given: Path, spool: Path, tmp_path: Path) -> None:
    (tmp_path / "kept.csv").write_text("a,b\n")
    (given / "link.csv").symlink_to(tmp_path / "kept.csv")
    [handed] = walk([given], spool)
    assert handed.refused is None
    assert handed.name == "given/link.csv"


def test_a_link_to_nothing_stops_no_other_file(given: Path, spool: Path) -> None:
    (given / "a.csv").symlink_to(given / "gone.csv")
    (given / "b.csv").write_text("a,b\n")
    broken, fine = walk([given], spool)
    assert broken.refused is not None
    assert fine.refused is None


def test_a_folder_that_links_to_itself_ends(given: Path, spool: Path) -> None:
    (given / "loop").symlink_to(given, target_is_directory=True)
    (given / "b.csv").write_text("a,b\n")
    assert [h.name for h in walk([given], spool) if h.refused is None] == ["given/b.csv"]


@pytest.mark.skipif(not Path("/proc/self/mem").exists(), reason="needs a file that cannot be read")
def test_a_file_that_cannot_be_read_stops_no_other(given: Path, spool: Path) -> None:
    (given / "a.csv").symlink_to("/proc/self/mem")
    (given / "b.csv").write_text("a,b\n")
    unreadable, fine = walk([given], spool)
    assert unreadable.refused is not None
    assert fine.refused is None


@pytest.mark.skipif(os.name == "nt", reason="Windows names are text")
def test_a_file_name_that_is_no_text_can_be_written_down(given: Path, spool: Path) -> None:
    raw = os.path.join(os.fsencode(given), b"caf\xe9.csv")  # noqa: PTH118 - bytes, not text
    Path(os.fsdecode(raw)).write_text("a,b\n")
    [handed] = walk([given], spool)
    handed.name.encode()
    handed.shown.encode()


def test_nothing_unpacked_is_left_behind(given: Path, spool: Path) -> None:
    (given / "deep.zip").write_bytes(nested(3))
    list(walk([given], spool))
    assert list(spool.iterdir()) == []
