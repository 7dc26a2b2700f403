"""Raw: one copy of each distinct payload that passed the gate. Append-only, read-only."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from bedrot.catalog.records import CaptureRecord
from bedrot.zones.lake import Lake
from bedrot.zones.landing import payload_key

ZONE = "raw"


def raw_key(source: str, stream: str, file_id: str) -> str:
    """Where a payload lies in raw."""
    return f"{ZONE}/{source}/{stream}/{file_id}"


def admit(lake: Lake, record: CaptureRecord) -> None:
    """Take a landed payload into raw."""
    lake.store.link(payload_key(record), raw_key(record.source, record.stream, record.file_id))


def is_admitted(lake: Lake, record: CaptureRecord) -> bool:
    """Whether the payload passed the gate before."""
    return lake.store.exists(raw_key(record.source, record.stream, record.file_id))


def raw_path(lake: Lake, source: str, stream: str, file_id: str) -> Path:
    """A local file with the payload's bytes."""
    return lake.store.local(raw_key(source, stream, file_id))


def raw_keys(lake: Lake) -> Iterator[str]:
    """The keys of all payloads in raw."""
    return lake.store.list(ZONE)
