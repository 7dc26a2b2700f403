"""What an archive inside an archive is called: its own name counts, and the outer one is told."""

import hashlib
import io
import zipfile
from pathlib import Path

from bedrot.extract.inbox import walk


def _zipped(**members: bytes) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        for name, content in members.items():
            archive.writestr(zipfile.ZipInfo(name), content)
    return held.getvalue()


def _container(path: Path, content: bytes) -> str | None:
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(content)
    spool = path.parent.parent / "spool"
    spool.mkdir(exist_ok=True)
    [handed] = walk([path], spool)
    return handed.container


def test_archives_lie_in_each_other_like_folders(tmp_path: Path) -> None:
    inner = _zipped(**{"b/inner.zip": _zipped(**{"a.csv": b"x"})})
    outer = _zipped(**{"middle.zip": inner})
    digest = hashlib.sha256(outer).hexdigest()[:16]
    told = _container(tmp_path / "given" / "outer.zip", outer)
    assert told == f"given/outer.zip/middle.zip/b/inner.zip#{digest}"


def test_a_name_with_a_hash_sign_is_followed_by_the_hash_too(tmp_path: Path) -> None:
    content = _zipped(**{"take #2.zip": _zipped(**{"a.csv": b"x"})})
    digest = hashlib.sha256(content).hexdigest()[:16]
    told = _container(tmp_path / "given" / "bank #1.zip", content)
    assert told == f"given/bank #1.zip/take #2.zip#{digest}"


def test_folders_in_the_name_of_an_inner_archive_are_told_with_slashes(tmp_path: Path) -> None:
    content = _zipped(**{"2025\\may.zip": _zipped(**{"a.csv": b"x"})})
    told = _container(tmp_path / "given" / "outer.zip", content)
    assert str(told).startswith("given/outer.zip/2025/may.zip#")
