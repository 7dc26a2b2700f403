"""Landing: bytes as they came, beside their capture records. Written once, read-only."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from bedrot.catalog.records import CaptureRecord
from bedrot.errors import AlreadyExistsError
from bedrot.zones.lake import Lake

ZONE = "landing"
_RECORD = ".capture.json"


def land(lake: Lake, path: Path, record: CaptureRecord) -> bool:
    """Keep a payload and the record that it was seen; False if this very sighting is known.

    The record is written last: bytes without a record are the trace of a crash, and landing the
    file again completes them.
    """
    folder = _folder(record)
    with suppress(AlreadyExistsError):  # the same bytes, seen before
        lake.store.create_from(payload_key(record), path)
    try:
        lake.store.create(f"{folder}/{record.capture_id}{_RECORD}", record.to_json().encode())
    except AlreadyExistsError:
        return False
    return True


def payload_key(record: CaptureRecord) -> str:
    """Where the bytes of a captured payload lie in landing."""
    return f"{_folder(record)}/payload"


def capture_keys(lake: Lake) -> Iterator[str]:
    """The keys of all capture records."""
    return (key for key in lake.store.list(ZONE) if key.endswith(_RECORD))


def capture_id_of(key: str) -> str:
    """The capture id that a record's key carries."""
    return key.rsplit("/", 1)[-1].removesuffix(_RECORD)


def read_capture(lake: Lake, key: str) -> CaptureRecord:
    """The capture record of a key."""
    return CaptureRecord.from_json(lake.store.read(key))


def sha256_of(path: Path) -> str:
    """The sha256 of a local file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _folder(record: CaptureRecord) -> str:
    return f"{ZONE}/{record.source}/{record.stream}/{record.file_id}"
