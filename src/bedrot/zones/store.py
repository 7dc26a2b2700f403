"""Where the bytes of a lake lie: one narrow protocol, and the local folder behind it."""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Protocol

from bedrot.errors import AlreadyExistsError, UnknownNameError, UsageError

READ_ONLY = 0o444


class Store(Protocol):
    """Named bytes. Keys are relative, with forward slashes, and never leave the store.

    Creating is exclusive and atomic: a key either holds all of its bytes or does not exist.
    """

    def create(self, key: str, content: bytes) -> None:
        """Write once; `AlreadyExistsError` if the key is taken."""

    def create_from(self, key: str, path: Path) -> None:
        """Write the bytes of a local file once, read-only; `AlreadyExistsError` if taken."""

    def put(self, key: str, path: Path) -> None:
        """Move a local file to a key, replacing what is there: for what can be made again."""

    def link(self, key: str, to: str) -> None:
        """Make the bytes of `key` appear as `to` too, without copying where that is possible.

        Nothing happens if `to` exists already: links are made before something is replaced, and a
        crashed run is simply started again.
        """

    def read(self, key: str) -> bytes:
        """All bytes of a key; `UnknownNameError` if there is none."""

    def exists(self, key: str) -> bool:
        """Whether the key holds bytes."""

    def list(self, prefix: str) -> Iterator[str]:
        """All keys below a prefix, sorted."""

    def size(self, key: str) -> int:
        """Size in bytes."""

    def delete(self, key: str) -> None:
        """Remove a key, or all keys below it; nothing happens if there is none."""

    def local(self, key: str) -> Path:
        """A local file with the key's bytes, to be read only."""

    def url(self, key: str) -> str:
        """The key's address for other engines (Delta)."""

    def writable(self, key: str) -> Path:
        """A local path where a new file of this key may be written before it is committed."""


class LocalStore:
    """A store in a folder."""

    def __init__(self, root: Path) -> None:
        self.root = root.resolve()

    def _path(self, key: str) -> Path:
        pure = PurePosixPath(key)
        if not pure.parts or pure.is_absolute() or ".." in pure.parts or "\\" in key:
            msg = f"`{key}` is not a key of a store"
            raise UsageError(msg)
        return self.root.joinpath(*pure.parts)

    def create(self, key: str, content: bytes) -> None:
        path = self._path(key)
        temporary = _beside(path)
        temporary.write_bytes(content)
        _publish(temporary, path)

    def create_from(self, key: str, path: Path) -> None:
        target = self._path(key)
        temporary = _beside(target)
        shutil.copyfile(path, temporary)
        temporary.chmod(READ_ONLY)
        _publish(temporary, target)

    def put(self, key: str, path: Path) -> None:
        target = self._path(key)
        target.parent.mkdir(parents=True, exist_ok=True)
        try:
            path.replace(target)  # at once, on every system
        except OSError:  # another file system
            shutil.move(path, target)

    def link(self, key: str, to: str) -> None:
        target = self._path(to)
        if target.exists():
            return
        target.parent.mkdir(parents=True, exist_ok=True)
        try:
            os.link(self._path(key), target)
        except FileExistsError:
            return
        except OSError:  # a file system without hard links
            temporary = _beside(target)
            shutil.copy(self._path(key), temporary)  # with its mode: what is read-only stays so
            temporary.replace(target)

    def read(self, key: str) -> bytes:
        try:
            return self._path(key).read_bytes()
        except FileNotFoundError as exc:
            msg = f"the lake has no `{key}`"
            raise UnknownNameError(msg) from exc

    def exists(self, key: str) -> bool:
        return self._path(key).exists()

    def list(self, prefix: str) -> Iterator[str]:
        base = self._path(prefix) if prefix else self.root
        if not base.exists():
            return
        found = sorted(
            Path(folder, name).relative_to(self.root).as_posix()
            for folder, _, names in os.walk(base)
            for name in names
            if not name.endswith(_TEMPORARY)
        )
        yield from found

    def size(self, key: str) -> int:
        return self._path(key).stat().st_size

    def delete(self, key: str) -> None:
        path = self._path(key)
        if path.is_dir():
            shutil.rmtree(path)
        elif path.exists():
            path.chmod(0o644)  # Windows refuses to delete a read-only file
            path.unlink()

    def local(self, key: str) -> Path:
        return self._path(key)

    def url(self, key: str) -> str:
        return str(self._path(key))

    def writable(self, key: str) -> Path:
        path = self._path(key)
        path.parent.mkdir(parents=True, exist_ok=True)
        return path


_TEMPORARY = ".tmp"


def _beside(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    return path.with_name(f".{path.name}.{secrets.token_hex(6)}{_TEMPORARY}")


def _publish(temporary: Path, path: Path) -> None:
    """Give a finished temporary file its name, exclusively."""
    try:
        os.link(temporary, path)
    except FileExistsError as exc:
        msg = f"`{path.name}` is written once and exists already"
        raise AlreadyExistsError(msg) from exc
    except OSError:  # no hard links here: exclusive create keeps the promise, with a copy
        try:
            with path.open("xb") as target, temporary.open("rb") as source:
                shutil.copyfileobj(source, target)
        except FileExistsError as exc:
            msg = f"`{path.name}` is written once and exists already"
            raise AlreadyExistsError(msg) from exc
        shutil.copymode(temporary, path)
    finally:
        temporary.unlink()
