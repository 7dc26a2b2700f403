"""A store that reads as another one and writes beside it: for trying things on a lake."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from bedrot.errors import AlreadyExistsError

if TYPE_CHECKING:
    from bedrot.zones.store import Store


class StoreApart:
    """What is written here lies in another store, and is read from there; the original stays.

    Tables are addressed in the original: they can be read, and must not be committed to.
    """

    def __init__(self, original: Store, beside: Store) -> None:
        self._original = original
        self._beside = beside

    def _of(self, key: str) -> Store:
        return self._beside if self._beside.exists(key) else self._original

    def create(self, key: str, content: bytes) -> None:
        self._refuse_taken(key)
        self._beside.create(key, content)

    def create_from(self, key: str, path: Path) -> None:
        self._refuse_taken(key)
        self._beside.create_from(key, path)

    def _refuse_taken(self, key: str) -> None:
        if self._original.exists(key):
            msg = f"`{key}` is written once and exists already"
            raise AlreadyExistsError(msg)

    def put(self, key: str, path: Path) -> None:
        self._beside.put(key, path)

    def link(self, key: str, to: str) -> None:
        if not self.exists(to):
            self._beside.create_from(to, self.local(key))

    def read(self, key: str) -> bytes:
        return self._of(key).read(key)

    def exists(self, key: str) -> bool:
        return self._beside.exists(key) or self._original.exists(key)

    def list(self, prefix: str) -> Iterator[str]:
        yield from sorted({*self._original.list(prefix), *self._beside.list(prefix)})

    def size(self, key: str) -> int:
        return self._of(key).size(key)

    def delete(self, key: str) -> None:
        self._beside.delete(key)

    def local(self, key: str) -> Path:
        return self._of(key).local(key)

    def url(self, key: str) -> str:
        return self._original.url(key)

    def writable(self, key: str) -> Path:
        return self._beside.writable(key)
