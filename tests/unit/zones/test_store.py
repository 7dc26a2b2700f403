"""The store in a folder: what is written once stays, and no key leaves it."""

import os
import stat
import threading
from pathlib import Path

import pytest

from bedrot.errors import AlreadyExistsError, BedrotError, UnknownNameError
from bedrot.zones.store import LocalStore


def write_bits(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode) & 0o222


def test_what_is_created_is_read_back(store: LocalStore) -> None:
    store.create("a/b.json", b"one")
    assert store.read("a/b.json") == b"one"
    assert store.exists("a/b.json")
    assert store.size("a/b.json") == 3


def test_a_key_is_created_once(store: LocalStore) -> None:
    store.create("a", b"one")
    with pytest.raises(AlreadyExistsError):
        store.create("a", b"two")
    assert store.read("a") == b"one"


def test_a_payload_is_kept_once_and_read_only(store: LocalStore, tmp_path: Path) -> None:
    given = tmp_path / "given.tsv"
    given.write_bytes(b"one")
    store.create_from("landing/payload", given)
    assert write_bits(store.local("landing/payload")) == 0
    given.write_bytes(b"two")
    with pytest.raises(AlreadyExistsError):
        store.create_from("landing/payload", given)
    assert store.read("landing/payload") == b"one"
    assert write_bits(store.local("landing/payload")) == 0


def test_the_given_file_keeps_its_mode_and_place(store: LocalStore, tmp_path: Path) -> None:
    given = tmp_path / "given.tsv"
    given.write_bytes(b"one")
    given.chmod(0o640)
    store.create_from("payload", given)
    assert given.read_bytes() == b"one"
    assert stat.S_IMODE(given.stat().st_mode) == 0o640


def test_a_link_is_the_same_file_and_read_only_too(store: LocalStore, tmp_path: Path) -> None:
    given = tmp_path / "given.tsv"
    given.write_bytes(b"one")
    store.create_from("landing/payload", given)
    store.link("landing/payload", "raw/payload")
    assert store.local("raw/payload").samefile(store.local("landing/payload"))
    assert write_bits(store.local("raw/payload")) == 0


def test_a_link_twice_is_a_link(store: LocalStore) -> None:
    store.create("a", b"one")
    store.create("b", b"two")
    store.link("a", "c")
    store.link("b", "c")
    assert store.read("c") == b"one"


def test_a_link_outlives_what_it_was_made_from(store: LocalStore) -> None:
    store.create("a", b"one")
    store.link("a", "archive/a")
    store.delete("a")
    assert store.read("archive/a") == b"one"


def test_links_are_copies_where_there_are_none(
    store: LocalStore, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def no_links(*_: object, **__: object) -> None:
        raise OSError

    monkeypatch.setattr(os, "link", no_links)
    given = tmp_path / "given.tsv"
    given.write_bytes(b"one")
    store.create_from("a", given)
    store.link("a", "b")
    assert store.read("b") == b"one"
    assert write_bits(store.local("a")) == 0
    assert write_bits(store.local("b")) == 0
    with pytest.raises(AlreadyExistsError):
        store.create("a", b"two")
    assert store.read("a") == b"one"


@pytest.mark.parametrize(
    "key", ["../a", "a/../../b", "/etc/passwd", "a\\..\\b", "..", "a/..", "C:\\a"]
)
def test_a_key_that_leaves_the_store_is_refused(store: LocalStore, key: str) -> None:
    for attempt in (
        lambda: store.create(key, b"x"),
        lambda: store.read(key),
        lambda: store.delete(key),
        lambda: store.link("a", key),
        lambda: store.local(key),
        lambda: store.writable(key),
        lambda: list(store.list(key)),
    ):
        with pytest.raises(BedrotError):
            attempt()


@pytest.mark.parametrize("key", ["", "."])
def test_the_store_itself_is_no_key(store: LocalStore, key: str) -> None:
    store.create("a", b"one")
    with pytest.raises(BedrotError):
        store.delete(key)
    assert store.exists("a")


def test_what_is_not_there_has_its_own_error(store: LocalStore) -> None:
    with pytest.raises(UnknownNameError, match="`gone`"):
        store.read("gone")
    assert not store.exists("gone")
    store.delete("gone")


def test_keys_are_listed_in_order_and_below_the_prefix(store: LocalStore) -> None:
    for key in ["a/b/2", "a/b/10", "a/c", "a/b-1", "b/x", "ab/x"]:
        store.create(key, b"")
    assert list(store.list("a")) == sorted(["a/b/2", "a/b/10", "a/c", "a/b-1"])
    assert list(store.list("nothing")) == []


def test_a_crashed_write_leaves_nothing_that_is_listed(
    store: LocalStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("bedrot.zones.store._publish", killed)
    with pytest.raises(KeyboardInterrupt):
        store.create("a/b", b"one")
    assert list(store.list("a")) == []
    assert not store.exists("a/b")
    monkeypatch.undo()
    store.create("a/b", b"one")
    assert list(store.list("a")) == ["a/b"]


def test_only_one_of_many_writers_creates_a_key(store: LocalStore) -> None:
    won: list[int] = []
    ready = threading.Barrier(8)

    def write(number: int) -> None:
        ready.wait()
        try:
            store.create("releases/1", b"%d" % number * 1000)
        except AlreadyExistsError:
            return
        won.append(number)

    writers = [threading.Thread(target=write, args=(n,)) for n in range(8)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    [winner] = won
    assert store.read("releases/1") == b"%d" % winner * 1000
    assert list(store.list("releases")) == ["releases/1"]
    assert len(list(store.local("releases").iterdir())) == 1  # no half-written file is left


def test_a_put_replaces_what_can_be_made_again(store: LocalStore, tmp_path: Path) -> None:
    for content in (b"one", b"two"):
        given = tmp_path / "chunk.parquet"
        given.write_bytes(content)
        store.put("staging/.parts/chunk", given)
        assert store.read("staging/.parts/chunk") == content
        assert not given.exists()


def test_a_delete_takes_a_key_or_all_below_it(store: LocalStore, tmp_path: Path) -> None:
    given = tmp_path / "given"
    given.write_bytes(b"x")
    store.create_from("a/1", given)
    store.create("a/2", b"y")
    store.create("b", b"z")
    store.delete("a/1")
    assert list(store.list("a")) == ["a/2"]
    store.delete("a")
    assert list(store.list("a")) == []
    assert store.read("b") == b"z"
