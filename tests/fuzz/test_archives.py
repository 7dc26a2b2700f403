"""Archives that are made to exhaust whoever unpacks them: refused, and the next file lands."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from bedrot.pipeline.bringing import Stated
from bedrot.pipeline.importing import import_paths
from bedrot.testing.lakes import NOW, throwaway_lake
from bedrot.testing.ledgers import export, line

if TYPE_CHECKING:
    from bedrot.zones.lake import Lake

FINE = export([line()], "20250401").content


@pytest.fixture(scope="module")
def lake(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lake]:
    with throwaway_lake(tmp_path_factory.mktemp("archives") / "lake") as opened:
        yield opened


def zipped(members: dict[str, bytes]) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return held.getvalue()


def hundred_thousand_members() -> bytes:
    """One after the other by hand: the zip of the library takes three times as long."""
    local = struct.pack("<4sHHHHHIIIHH", b"PK\3\4", 20, 0, 0, 0, 33, 0, 0, 0, 1, 0) + b"a"
    entry = struct.pack(
        "<4sHHHHHHIIIHHHHHII", b"PK\1\2", 20, 20, 0, 0, 0, 33, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0
    )
    directory = (entry + b"a") * 65_000
    end = struct.pack("<4sHHHHIIH", b"PK\5\6", 0, 0, 65_000, 65_000, len(directory), len(local), 0)
    return local + directory + end


def overlapping() -> bytes:
    """Many members whose packed bytes are the same ones."""
    packed = zipped({"a": bytes(150_000)})
    at = packed.index(b"PK\1\2")
    end = packed.index(b"PK\5\6")
    directory = packed[at:end] * 40
    tail = struct.pack("<4sHHHHIIH", b"PK\5\6", 0, 0, 40, 40, len(directory), at, 0)
    return packed[:at] + directory + tail


def without_directory() -> bytes:
    """The list of members is cut in its middle, and its end stands there again."""
    packed = zipped({f"{n}.tsv": FINE for n in range(20)})
    at, end = packed.index(b"PK\1\2"), packed.index(b"PK\5\6")
    return packed[: (at + end) // 2] + packed[end:]


def sizes_that_lie() -> bytes:
    packed = bytearray(zipped({"a.tsv": bytes(40 << 20)}))
    at = packed.index(b"PK\1\2") + 24
    packed[at : at + 4] = (100).to_bytes(4, "little")
    return bytes(packed)


def bombs_in_bombs() -> bytes:
    inner = zipped({f"{n}": bytes(30 << 20) for n in range(2)})
    return zipped({f"{n}.zip": inner for n in range(3)})


ARCHIVES = {
    "a hundred thousand members": hundred_thousand_members,
    "members that overlap": overlapping,
    "a list of members that is cut": without_directory,
    "a size that lies": sizes_that_lie,
    "bombs in an archive of archives": bombs_in_bombs,
}


@pytest.mark.parametrize("name", ARCHIVES)
def test_an_archive_that_exhausts_is_refused_and_the_next_file_lands(
    lake: Lake, tmp_path: Path, name: str
) -> None:
    (tmp_path / "1.zip").write_bytes(ARCHIVES[name]())
    (tmp_path / "2.tsv").write_bytes(FINE)
    told = list(import_paths(lake, [tmp_path], stated=Stated(account_id=name), now=lambda: NOW))
    assert {one.outcome for one in told[:-1]} == {"refused"}
    assert all(one.reason for one in told[:-1])
    assert told[-1].outcome == "landed"
    assert not list(lake.work.glob("inbox-*"))
