"""Verifying: stored bytes against their hashes, and tables against what was told of them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Any

from bedrot.catalog.records import (
    FILE_ID_LENGTH,
    CaptureRecord,
    Decision,
    Release,
    RunRecord,
    Standing,
)
from bedrot.observe.progress import SILENT, Progress
from bedrot.pipeline.payloads import session
from bedrot.pipeline.tracing import defined_tables
from bedrot.zones import journal, landing, raw
from bedrot.zones.lake import Lake
from bedrot.zones.landing import sha256_of
from bedrot.zones.tables import WHOLE, content_hash, digest_of, open_table, scan_sql

if TYPE_CHECKING:
    import duckdb
    from deltalake import DeltaTable

    from bedrot.contracts.model import Contract

_RECORD = ".capture.json"
_PAYLOAD = "payload"
_FILE_ID = "_file_id"
_UNREADABLE = (ValueError, TypeError, KeyError, AttributeError)


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
    told: dict[str, str] = {}
    unfinished: list[str] = []
    folders = _landing_folders(lake)
    captures = 0
    for number, (folder, keys) in enumerate(folders.items()):
        progress.step(f"hash {folder}", number, len(folders))
        records = [key for key in keys if key.endswith(_RECORD)]
        captures += len(records)
        mismatches += _landed_mismatches(lake, folder, records, hashes, told)
        if not records:
            unfinished.append(folder)
    raw_keys = list(raw.raw_keys(lake))
    for number, key in enumerate(raw_keys):
        progress.step(f"hash {key}", number, len(raw_keys))
        mismatches += _raw_mismatches(lake, key, folders, hashes, told)
    count, unreadable = _journal_mismatches(lake)
    mismatches += unreadable
    can_tell = not any(found.subject.startswith(journal.RELEASES) for found in unreadable)
    release = journal.latest_release(lake) if can_tell else None
    tables: list[VerifiedTable] = []
    if release is not None:
        held = frozenset(key.rpartition("/")[2] for key in raw_keys)
        tables, differing = _verify_tables(lake, release, held, progress)
        mismatches += differing
    return Verification(
        captures=captures,
        landed=len(folders) - len(unfinished),
        raw=len(raw_keys),
        records=count,
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
    lake: Lake,
    folder: str,
    records: list[str],
    hashes: dict[tuple[int, int], str],
    told: dict[str, str],
) -> Iterator[Mismatch]:
    """What is wrong in a folder of landing; `told` gets the hash that its records say."""
    payload = f"{folder}/{_PAYLOAD}"
    found = _sha256(lake, payload, hashes) if lake.store.exists(payload) else None
    for key in records:
        try:
            record = landing.read_capture(lake, key)
        except _UNREADABLE as exc:
            yield Mismatch(subject=key, problem=f"the capture record cannot be read: {exc}")
            continue
        told[folder] = record.sha256
        problem = _record_problem(record, key, payload, found)
        if problem is None and found is not None and lake.store.size(payload) != record.size_bytes:
            problem = f"the payload has not the {record.size_bytes} bytes of its record"
        if problem is not None:
            yield Mismatch(subject=key, problem=problem)


def _record_problem(record: CaptureRecord, key: str, payload: str, found: str | None) -> str | None:
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
    lake: Lake,
    key: str,
    folders: Mapping[str, list[str]],
    hashes: dict[tuple[int, int], str],
    told: Mapping[str, str],
) -> Iterator[Mismatch]:
    """What is wrong with a payload in raw: it is named by its bytes, or by these and its hints."""
    found = _sha256(lake, key, hashes)
    landed = f"{landing.ZONE}/{key.partition('/')[2]}"
    name = key.rpartition("/")[2]
    if found != told[landed] if landed in told else found[:FILE_ID_LENGTH] != name:
        yield Mismatch(subject=key, problem=f"the payload's sha256 is {found}")
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


_KINDS: Mapping[str, type[Decision | Release | RunRecord | Standing]] = {
    journal.DECISIONS: Decision,
    journal.QUARANTINE: Standing,
    journal.RUNS: RunRecord,
    journal.RELEASES: Release,
}


def _journal_mismatches(lake: Lake) -> tuple[int, list[Mismatch]]:
    """How many decisions, notes, runs and lake releases there are, and which cannot be read."""
    count = 0
    found = []
    for zone, kind in _KINDS.items():
        for key in lake.store.list(zone):
            count += 1
            try:
                kind.from_json(lake.store.read(key))
            except _UNREADABLE as exc:
                found.append(Mismatch(subject=key, problem=f"it cannot be read: {exc}"))
    return count, found


def _verify_tables(
    lake: Lake, release: Release, held: frozenset[str], progress: Progress
) -> tuple[list[VerifiedTable], list[Mismatch]]:
    tables = []
    mismatches: list[Mismatch] = []
    contracts = defined_tables()
    with session(lake) as con:
        for name in sorted(release.tables):
            told = release.tables[name]
            delta = open_table(lake, told["zone"], name, told["version"])
            files = [] if delta is None else _files(delta)
            contract = contracts.get(name)
            digests: dict[str, str] = {}
            problems = ["its folder is gone, or is no table"] if delta is None else []
            problems += _file_problems(
                lake, f"{told['zone']}/{name}", files, {} if delta is None else _recorded(delta)
            )
            if delta is not None and contract is not None and not problems:
                problems, digests = _read_table(con, delta, contract, told, progress)
                problems += _pointing_problems(con, delta, held) if digests else []
            tables.append(
                VerifiedTable(
                    table=name,
                    version=told["version"],
                    files=len(files),
                    rows=sum(map(_rows_in, digests.values())) if digests else told["rows"],
                    content_hash=None if contract is None or problems else content_hash(digests),
                    mismatches=len(problems),
                )
            )
            mismatches += [Mismatch(subject=name, problem=problem) for problem in problems]
    return tables, mismatches


def _read_table(
    con: duckdb.DuckDBPyConnection,
    delta: DeltaTable,
    contract: Contract,
    told: Mapping[str, Any],
    progress: Progress,
) -> tuple[list[str], dict[str, str]]:
    """What is wrong with a table's rows, and the content hash of every partition."""
    problems = _contract_problems(delta, contract)
    if problems:
        return problems, {}
    files = _files(delta)
    try:
        digests = _digests(con, delta, contract, files, progress)
    except _engine_error() as exc:
        return [f"it cannot be read: {str(exc).splitlines()[0]}"], {}
    return list(_digest_problems(delta, told, files, digests)), digests


def _engine_error() -> type[Exception]:
    """What the engine raises; imported only where it is needed."""
    import duckdb

    return duckdb.Error


@dataclass(frozen=True, slots=True, kw_only=True)
class _File:
    path: str
    partition: str
    size: int
    rows: int


def _files(delta: DeltaTable) -> list[_File]:
    actions = delta.get_add_actions(flatten=True)
    paths = actions.column("path").to_pylist()
    if not paths:
        return []
    by = _partition_of(delta)
    return [
        _File(path=path, partition=value or WHOLE, size=size, rows=rows)
        for path, value, size, rows in zip(
            paths,
            actions.column(f"partition.{by}").to_pylist() if by else [WHOLE] * len(paths),
            actions.column("size_bytes").to_pylist(),
            actions.column("num_records").to_pylist(),
            strict=True,
        )
    ]


def _partition_of(delta: DeltaTable) -> str | None:
    return next(iter(delta.metadata().partition_columns), None)


def _file_problems(
    lake: Lake, table: str, files: Sequence[_File], recorded: Mapping[str, Any]
) -> Iterator[str]:
    """A table's files against the bytes that its commits say were written."""
    for file in files:
        key = f"{table}/{file.path}"
        if not lake.store.exists(key):
            yield f"its file {file.path} is gone"
        elif lake.store.size(key) != file.size:
            yield f"its file {file.path} has not the {file.size} bytes that were written"
        elif sha256_of(lake.store.local(key)) != recorded.get(file.partition, {}).get("sha256"):
            yield f"its file {file.path} has not the bytes that were written"


def _contract_problems(delta: DeltaTable, contract: Contract) -> list[str]:
    """An earlier definition's table lacks what today's contract names; a run replaces it."""
    names = {field.name for field in delta.schema().fields}
    missing = [column.name for column in contract.columns if column.name not in names]
    if not missing:
        return []
    return [f"it has no column `{missing[0]}`: an earlier definition made it; start `bedrot run`"]


def _digests(
    con: duckdb.DuckDBPyConnection,
    delta: DeltaTable,
    contract: Contract,
    files: Sequence[_File],
    progress: Progress,
) -> dict[str, str]:
    """The content hash of every partition that holds rows."""
    by = _partition_of(delta)
    found = {}
    partitions = sorted({file.partition for file in files})
    for number, name in enumerate(partitions):
        progress.step(f"read {contract.table} {name}", number, len(partitions))
        scan = scan_sql(delta, by, frozenset({name}) if by else None)
        digest = digest_of(con, scan, contract)
        if _rows_in(digest):
            found[name] = digest
    return found


def _rows_in(digest: str) -> int:
    return int(digest.partition("-")[0])


def _digest_problems(
    delta: DeltaTable,
    told: Mapping[str, Any],
    files: Sequence[_File],
    digests: Mapping[str, str],
) -> Iterator[str]:
    """What was read against what the release, the files' entries and the commit say."""
    rows = sum(map(_rows_in, digests.values()))
    if rows != told["rows"]:
        yield f"it holds {rows} rows, its lake release says {told['rows']}"
    recorded = _recorded(delta)
    for name in sorted({file.partition for file in files}):
        held = digests.get(name, "0-0")
        entered = sum(file.rows for file in files if file.partition == name)
        if _rows_in(held) != entered:
            yield f"partition `{name}` holds {_rows_in(held)} rows, {entered} were written"
        digest = recorded.get(name, {}).get("digest")
        # What is recorded may say after the content which records it comes from.
        if digest is not None and not f"{digest}-".startswith(f"{held}-"):
            yield f"partition `{name}` has the content hash {held}, {digest} was written"


def _recorded(delta: DeltaTable) -> Mapping[str, Any]:
    """What the commit of this version says of each partition."""
    for entry in delta.history():
        if entry.get("version") == delta.version():
            contents: Mapping[str, Any] = json.loads(entry["bedrot"])["contents"]
            return contents
    return {}


def _pointing_problems(
    con: duckdb.DuckDBPyConnection, delta: DeltaTable, held: frozenset[str]
) -> Iterator[str]:
    """Rows that say they come from a payload which raw does not hold."""
    if _FILE_ID not in {field.name for field in delta.schema().fields}:
        return
    scan = scan_sql(delta, _partition_of(delta))
    for (file_id,) in con.execute(f"select distinct {_FILE_ID} from {scan} order by 1").fetchall():
        if file_id not in held:
            yield f"rows come from the file `{file_id}`, which is not in raw"
