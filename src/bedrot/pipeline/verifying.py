"""Verifying: stored bytes against their hashes, and tables against what was told of them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bedrot.catalog.records import FILE_ID_LENGTH, CaptureRecord
from bedrot.observe.progress import SILENT, Progress
from bedrot.pipeline.payloads import session
from bedrot.pipeline.tracing import defined_tables
from bedrot.zones import journal, landing, raw
from bedrot.zones.lake import Lake, table_key
from bedrot.zones.tables import WHOLE, content_hash, digest_of, open_table, scan_sql

if TYPE_CHECKING:
    import duckdb
    from deltalake import DeltaTable

    from bedrot.catalog.records import Release
    from bedrot.contracts.model import Contract

_RECORD = ".capture.json"
_PAYLOAD = "payload"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mismatch:
    """Something that is not what the lake says of it: where, and what was seen."""

    subject: str
    problem: str


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifiedTable:
    """A table of the newest lake release: what its files hold.

    `content_hash` is equal wherever the rows are equal, on any machine and after any rebuild. It
    is None for a table that today's definitions do not make: nobody knows its columns.
    """

    table: str
    version: int
    files: int
    rows: int
    content_hash: str | None
    mismatches: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Verification:
    """What was looked at, how much of it, and all that is not as it should be.

    `unfinished` are bytes that no record speaks of: what a killed import leaves, harmless.
    """

    captures: int
    landed: int
    raw: int
    records: int
    release: int | None
    tables: tuple[VerifiedTable, ...]
    unfinished: tuple[str, ...]
    mismatches: tuple[Mismatch, ...]

    @property
    def is_sound(self) -> bool:
        """Whether everything is what the lake says of it."""
        return not self.mismatches


def verify(lake: Lake, *, progress: Progress = SILENT) -> Verification:
    """Read everything that is stored and compare it with its names, records and hashes.

    Files are read in blocks and tables partition by partition, so that memory does not grow with
    the lake. Nothing is written.
    """
    mismatches: list[Mismatch] = []
    hashes: dict[tuple[int, int], str] = {}
    unfinished: list[str] = []
    folders = _landing_folders(lake)
    captures = 0
    for number, (folder, keys) in enumerate(folders.items()):
        progress.step(f"hash {folder}", number, len(folders))
        records = [key for key in keys if key.endswith(_RECORD)]
        captures += len(records)
        mismatches += _landed_mismatches(lake, folder, records, hashes)
        if not records:
            unfinished.append(folder)
    raw_keys = list(raw.raw_keys(lake))
    for number, key in enumerate(raw_keys):
        progress.step(f"hash {key}", number, len(raw_keys))
        mismatches += _raw_mismatches(lake, key, folders, hashes)
    records, unreadable = _journal_mismatches(lake)
    mismatches += unreadable
    release = None if unreadable else journal.latest_release(lake)
    tables: list[VerifiedTable] = []
    if release is not None:
        tables, differing = _verify_tables(lake, release, progress)
        mismatches += differing
    return Verification(
        captures=captures,
        landed=len(folders) - len(unfinished),
        raw=len(raw_keys),
        records=records,
        release=release.number if release else None,
        tables=tuple(tables),
        unfinished=tuple(unfinished),
        mismatches=tuple(mismatches),
    )


def _landing_folders(lake: Lake) -> dict[str, list[str]]:
    """The keys of each landed payload: its bytes, and the records of its captures."""
    keys = lake.store.list(landing.ZONE)
    return {
        folder: list(found)
        for folder, found in groupby(keys, key=lambda key: key.rpartition("/")[0])
    }


def _landed_mismatches(
    lake: Lake, folder: str, records: list[str], hashes: dict[tuple[int, int], str]
) -> Iterator[Mismatch]:
    payload = f"{folder}/{_PAYLOAD}"
    found = _sha256(lake, payload, hashes) if lake.store.exists(payload) else None
    for key in records:
        try:
            record = landing.read_capture(lake, key)
        except (ValueError, TypeError, KeyError) as exc:
            yield Mismatch(subject=key, problem=f"the capture record cannot be read: {exc}")
            continue
        problem = _record_problem(record, key, payload, found)
        if problem is None and found is not None and lake.store.size(payload) != record.size_bytes:
            problem = f"the payload has not the {record.size_bytes} bytes of its record"
        if problem is not None:
            yield Mismatch(subject=key, problem=problem)


def _record_problem(
    record: CaptureRecord, key: str, payload: str, found: str | None
) -> str | None:
    if landing.payload_key(record) != payload:
        return f"the record speaks of {landing.payload_key(record)}"
    if record.capture_id != landing.capture_id_of(key):
        return "the record's content does not give its name: it was changed"
    if found is None:
        return "its payload is gone"
    if found != record.sha256:
        return f"the payload's sha256 is {found}, its record says {record.sha256}"
    return None


def _raw_mismatches(
    lake: Lake, key: str, folders: Mapping[str, list[str]], hashes: dict[tuple[int, int], str]
) -> Iterator[Mismatch]:
    found = _sha256(lake, key, hashes)
    if found[:FILE_ID_LENGTH] != key.rpartition("/")[2]:
        yield Mismatch(subject=key, problem=f"the payload's sha256 is {found}")
    landed = f"{landing.ZONE}/{key.partition('/')[2]}"
    if not any(other.endswith(_RECORD) for other in folders.get(landed, ())):
        yield Mismatch(subject=key, problem="no capture record speaks of it")


def _sha256(lake: Lake, key: str, hashes: dict[tuple[int, int], str]) -> str:
    """The sha256 of a key's bytes; raw mostly is the same file as landing, and read once."""
    path = lake.store.local(key)
    told = path.stat()
    place = (told.st_dev, told.st_ino)
    if told.st_nlink < 2 or not told.st_ino:
        return landing.sha256_of(path)
    if place not in hashes:
        hashes[place] = landing.sha256_of(path)
    return hashes[place]


def _journal_mismatches(lake: Lake) -> tuple[int, list[Mismatch]]:
    """Whether decisions, notes, runs and lake releases can be read, and how many there are."""
    count = 0
    found = []
    for zone in (journal.DECISIONS, journal.QUARANTINE, journal.RUNS, journal.RELEASES):
        for key in lake.store.list(zone):
            count += 1
            try:
                json.loads(lake.store.read(key))
            except ValueError as exc:
                found.append(Mismatch(subject=key, problem=f"it cannot be read: {exc}"))
    return count, found


def _verify_tables(
    lake: Lake, release: Release, progress: Progress
) -> tuple[list[VerifiedTable], list[Mismatch]]:
    tables = []
    mismatches: list[Mismatch] = []
    contracts = defined_tables()
    with session(lake) as con:
        for table in sorted(release.tables):
            told = release.tables[table]
            contract = contracts.get(table)
            verified, found = _verify_table(con, lake, table, told, contract, progress)
            tables.append(verified)
            mismatches += found
    return tables, mismatches


def _verify_table(  # noqa: PLR0913, PLR0917 - what is compared with what
    con: duckdb.DuckDBPyConnection,
    lake: Lake,
    table: str,
    told: Mapping[str, Any],
    contract: Contract | None,
    progress: Progress,
) -> tuple[VerifiedTable, list[Mismatch]]:
    delta = open_table(lake, told["zone"], table, told["version"])
    if delta is None:
        gone = Mismatch(subject=table, problem="its folder is gone, or is no table")
        return _table_told(table, told, 0, 0, None, [gone]), [gone]
    files = _files(delta)
    found = list(_file_mismatches(lake, told["zone"], table, files))
    digests: dict[str, str] = {}
    rows = 0
    if contract is not None and not found:
        partitions = sorted({file.partition for file in files})
        for number, partition in enumerate(partitions):
            progress.step(f"read {table} {partition}", number, len(partitions))
            digests[partition] = _digest(con, delta, contract, partition)
            held = int(digests[partition].partition("-")[0])
            rows += held
            found += _partition_mismatches(table, partition, files, held)
        if rows != told["rows"]:
            problem = f"it holds {rows} rows, lake release says {told['rows']}"
            found.append(Mismatch(subject=table, problem=problem))
    hashed = content_hash(digests) if contract is not None and digests and not found else None
    return _table_told(table, told, len(files), rows, hashed, found), found


def _table_told(  # noqa: PLR0913, PLR0917 - the parts of one value
    table: str,
    told: Mapping[str, Any],
    files: int,
    rows: int,
    hashed: str | None,
    found: list[Mismatch],
) -> VerifiedTable:
    return VerifiedTable(
        table=table,
        version=told["version"],
        files=files,
        rows=rows,
        content_hash=hashed,
        mismatches=len(found),
    )
