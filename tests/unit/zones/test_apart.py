from __future__ import annotations

from pathlib import Path

import pytest

from bedrot.errors import AlreadyExistsError
from bedrot.zones.apart import StoreApart
from bedrot.zones.store import LocalStore


@pytest.fixture
def original(tmp_path: Path) -> LocalStore:
    store = LocalStore(tmp_path / "original")
    store.create("raw/a", b"old")
    return store


@pytest.fixture
def apart(original: LocalStore, tmp_path: Path) -> StoreApart:
    return StoreApart(original, LocalStore(tmp_path / "beside"))


def test_it_reads_what_the_original_holds(apart: StoreApart, original: LocalStore) -> None:
    assert (apart.read("raw/a"), apart.size("raw/a"), apart.exists("raw/a")) == (b"old", 3, True)
    assert apart.local("raw/a") == original.local("raw/a")
    assert apart.url("staging/t") == original.url("staging/t")


def test_it_writes_beside_the_original(
    apart: StoreApart, original: LocalStore, tmp_path: Path
) -> None:
    file = tmp_path / "file"
    file.write_bytes(b"moved")
    apart.create("notes/n", b"new")
    apart.create_from("raw/b", file)
    apart.link("raw/a", "raw/c")
    apart.put("parts/p", file)
    apart.writable("parts/q").write_bytes(b"q")
    assert [*original.list("raw"), *original.list("parts")] == ["raw/a"]
    assert list(apart.list("raw")) == ["raw/a", "raw/b", "raw/c"]
    assert list(apart.list("parts")) == ["parts/p", "parts/q"]
    assert [apart.read(key) for key in ("notes/n", "raw/c", "parts/p")] == [
        b"new",
        b"old",
        b"moved",
    ]


def test_what_is_written_once_stays_so(apart: StoreApart, tmp_path: Path) -> None:
    apart.create("notes/n", b"new")
    for key in ("raw/a", "notes/n"):
        with pytest.raises(AlreadyExistsError):
            apart.create(key, b"other")
    apart.delete("notes/n")
    assert not apart.exists("notes/n")
