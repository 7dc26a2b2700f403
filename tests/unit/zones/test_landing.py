"""Landing and raw: bytes as they came, once, beside the records that they were seen."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bedrot.catalog.records import CaptureRecord
from bedrot.zones.lake import Lake
from bedrot.zones.landing import (
    capture_id_of,
    capture_keys,
    land,
    payload_key,
    read_capture,
    sha256_of,
)
from bedrot.zones.raw import admit, is_admitted, raw_keys, raw_path

NOON = datetime(2025, 6, 1, 12, tzinfo=UTC)


@pytest.fixture
def given(tmp_path: Path) -> Path:
    path = tmp_path / "given.tsv"
    path.write_bytes(b"one")
    return path


@pytest.fixture
def record(given: Path) -> CaptureRecord:
    return CaptureRecord(
        source="distrokid",
        stream="earnings",
        account_id="main",
        sha256=sha256_of(given),
        size_bytes=3,
        name="given/ü \\ given.tsv",
        landed_at=NOON,
        redactions={"e-mail": 2},
        parameters={"days": [1, 2]},
    )


def test_a_capture_comes_back_as_it_was(lake: Lake, given: Path, record: CaptureRecord) -> None:
    assert land(lake, given, record) is True
    [key] = capture_keys(lake)
    assert read_capture(lake, key) == record
    assert capture_id_of(key) == record.capture_id
    assert lake.store.read(payload_key(record)) == b"one"


def test_the_same_sighting_again_says_nothing_new(
    lake: Lake, given: Path, record: CaptureRecord
) -> None:
    land(lake, given, record)
    assert land(lake, given, replace(record, landed_at=NOON.replace(day=2))) is False
    [key] = capture_keys(lake)
    assert read_capture(lake, key).landed_at == NOON


@pytest.mark.parametrize(
    "change",
    [
        {"name": "other.tsv"},
        {"account_id": "two"},
        {"as_of_stated": NOON},
        {"container": "a.zip#1"},
    ],
    ids=lambda change: next(iter(change)),
)
def test_another_sighting_is_another_capture_of_one_payload(
    lake: Lake, given: Path, record: CaptureRecord, change: dict[str, object]
) -> None:
    land(lake, given, record)
    assert land(lake, given, replace(record, **change)) is True  # type: ignore[arg-type]
    assert len(list(capture_keys(lake))) == 2
    assert len([key for key in lake.store.list("landing") if key.endswith("payload")]) == 1


def test_bytes_without_a_record_are_completed_by_landing_again(
    lake: Lake, given: Path, record: CaptureRecord
) -> None:
    lake.store.create_from(payload_key(record), given)
    assert list(capture_keys(lake)) == []
    assert land(lake, given, record) is True


def test_raw_holds_one_copy_that_costs_nothing(
    lake: Lake, given: Path, record: CaptureRecord
) -> None:
    land(lake, given, record)
    assert not is_admitted(lake, record)
    admit(lake, record)
    admit(lake, replace(record, name="again.tsv"))
    assert is_admitted(lake, record)
    assert len(list(raw_keys(lake))) == 1
    path = raw_path(lake, "distrokid", "earnings", record.file_id)
    assert path.samefile(lake.store.local(payload_key(record)))
    assert path.stat().st_mode & 0o222 == 0


def test_a_capture_id_is_the_same_on_every_machine(record: CaptureRecord) -> None:
    again = CaptureRecord.from_json(record.to_json())
    assert again == record
    assert again.capture_id == record.capture_id
    moved = replace(record, landed_at=NOON.replace(year=2026))
    assert moved.capture_id == record.capture_id


def test_a_record_refuses_a_time_without_zone(record: CaptureRecord) -> None:
    with pytest.raises(ValueError, match="time zone"):
        replace(record, landed_at=datetime(2025, 6, 1)).to_json()  # noqa: DTZ001 - the fault
