"""Delta tables of staging and curated: one commit per table and run, archive before replace."""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlparse
from urllib.request import url2pathname

from bedrot.contracts.schema import arrow_schema, duckdb_types
from bedrot.engine.quoting import literal, literals, no_rows, quoted, unambiguous_text
from bedrot.errors import IntegrityError, LossyWriteError
from bedrot.zones.lake import Lake, table_key
from bedrot.zones.landing import sha256_of

if TYPE_CHECKING:
    import duckdb
    from deltalake import DeltaTable

    from bedrot.contracts.model import Column, Contract
    from bedrot.zones.parts import ChunkFile

ARCHIVE = "archive"
WHOLE = ""
"""The partition name of a table that has no partitions."""
_METADATA = "bedrot"
_MODIFIED = 0  # file times are never truth, so none is written


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """What one partition of a table holds.

    `token` is equal where the partition was made from equal things. `digest` is the content hash
    of its rows; it is None until something asks for it, because most partitions are made once
    and never compared. `sha256` is that of its file.
    """

    rows: int
    token: str
    sha256: str
    digest: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TableState:
    """What the newest commit of a table says of it.

    `inputs` is what each partition was made from, `sources` what the whole table was made from:
    equal values mean that nothing has to be done.
    """

    definition_id: str
    contents: Mapping[str, Content] = field(default_factory=dict)
    inputs: Mapping[str, str] = field(default_factory=dict)
    sources: Mapping[str, Any] = field(default_factory=dict)
    version: int = -1

    @property
    def rows(self) -> int:
        """Rows of the whole table."""
        return sum(content.rows for content in self.contents.values())


ABSENT = TableState(definition_id="", contents={})
"""The state of a table that no run has made: of a source of which nothing was captured."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StagedFile:
    """A Parquet file of one partition that waits for its commit."""

    partition: str
    path: str
    size: int
    rows: int
    sha256: str


def read_state(lake: Lake, zone: str, table: str, version: int | None = None) -> TableState | None:
    """The state of a table's newest version or of another one, or None if there is no such."""
    delta = open_table(lake, zone, table, version)
    if delta is None:
        return None
    entry = delta.history(1)[0]
    if _METADATA not in entry:
        msg = f"version {delta.version()} of `{table}` was not written by this lake"
        raise IntegrityError(msg, next_step="restore the table's folder, or `bedrot rebuild`")
    told = json.loads(entry[_METADATA])
    told["contents"] = {name: Content(**content) for name, content in told["contents"].items()}
    return TableState(**{**told, "version": delta.version()})


def open_table(lake: Lake, zone: str, table: str, version: int | None = None) -> DeltaTable | None:
    """A Delta table at a version, or None if that was never written."""
    from deltalake import DeltaTable

    url = lake.store.url(table_key(zone, table))
    if not DeltaTable.is_deltatable(url):
        return None
    newest = DeltaTable(url)
    if version is None or version == newest.version():
        return newest
    # Where a table's folder was removed, it began again.
    return DeltaTable(url, version=version) if version < newest.version() else None


def scan_sql(
    delta: DeltaTable, partition_by: str | None, only: frozenset[str] | None = None
) -> str:
    """A FROM item that reads a table's files, all or those of some partitions.

    An empty selection reads no file and still has the table's columns.
    """
    root = Path(url2pathname(urlparse(delta.table_uri).path))  # a space is %20 in a URI
    paths = [
        root / path for path, value in _files(delta, partition_by) if only is None or value in only
    ]
    if not paths:
        return _empty_scan(delta)
    listed = literals(paths)
    hive = (
        f", hive_partitioning = true, hive_types = {{'{partition_by}': 'VARCHAR'}}"
        if partition_by
        else ""
    )
    return f"read_parquet([{listed}]{hive})"


def _files(delta: DeltaTable, partition_by: str | None) -> list[tuple[str, str | None]]:
    """The table's files, each with the value of its partition."""
    actions = delta.get_add_actions(flatten=True)
    paths = actions.column("path").to_pylist()
    column = f"partition.{partition_by}"
    if partition_by is None or column not in actions.schema.names:
        return [(path, None) for path in paths]
    return list(zip(paths, actions.column(column).to_pylist(), strict=True))


def _empty_scan(delta: DeltaTable) -> str:
    import pyarrow as pa

    types = {
        pa.string(): "varchar",
        pa.int64(): "bigint",
        pa.date32(): "date",
        pa.float64(): "double",
        pa.bool_(): "boolean",
        pa.timestamp("us", "UTC"): "timestamptz",
    }
    columns = {
        column.name: types.get(column.type, str(column.type).replace("decimal128", "decimal"))
        for column in pa.schema(delta.schema().to_arrow())
    }
    return f"({no_rows(columns)})"


def empty_scan(contract: Contract) -> str:
    """A FROM item without rows that has a contract's columns: a table that no run has made."""
    return f"({no_rows(duckdb_types(contract))})"


def digest_of(con: duckdb.DuckDBPyConnection, relation: str, contract: Contract) -> str:
    """The content hash of a relation that holds the contract's columns.

    It is the number of rows and the sum of their md5 over canonical text: independent of order,
    and equal rows do not cancel out. Bookkeeping columns are left out, null is marked.
    """
    row = unambiguous_text(column.name for column in contract.content_columns)
    query = f"select count(*), sum(md5_number_lower({row})) from {relation}"
    rows, total = con.execute(query).fetchall()[0]
    return f"{rows}-{int(total or 0):x}"


def partition_digests(
    con: duckdb.DuckDBPyConnection, lake: Lake, zone: str, contract: Contract, version: int
) -> dict[str, str]:
    """The content hash of every partition of a table at a version; empty ones are left out."""
    delta = open_table(lake, zone, contract.table, version)
    if delta is None:
        return {}
    names = {value or WHOLE for _, value in _files(delta, contract.partition)}
    found = {}
    for name in sorted(names):
        only = frozenset({name}) if contract.partition else None
        digest = digest_of(con, scan_sql(delta, contract.partition, only), contract)
        if not digest.startswith("0-"):
            found[name] = digest
    return found


def content_hash(digests: Mapping[str, str]) -> str:
    """One hash for a table's content, from its partitions' hashes."""
    return hashlib.sha256(json.dumps(sorted(digests.items())).encode()).hexdigest()[:32]


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenFile:
    """A Parquet file that was written: its rows, its bytes, and their hash."""

    rows: int
    size: int
    sha256: str


def write_parquet(
    con: duckdb.DuckDBPyConnection,
    contract: Contract,
    relation: str,
    target: Path,
    *,
    made: Mapping[str, str] | None = None,
) -> WrittenFile:
    """Write a relation as a Parquet file in the contract's types, without its partition column.

    `made` gives SQL for columns that the relation does not hold.
    """
    made = made or {}
    selected = ", ".join(
        f"cast({made.get(column.name, quoted(column.name))} as {column.sql_type}) "
        f"as {quoted(column.name)}"
        for column in contract.columns
        if column.name != contract.partition
    )
    copied = con.execute(
        f"copy (select {selected} from {relation}) to {literal(str(target))} (format parquet)"
    ).fetchall()
    return WrittenFile(rows=int(copied[0][0]), size=target.stat().st_size, sha256=sha256_of(target))


def stage_partition(
    con: duckdb.DuckDBPyConnection,
    lake: Lake,
    zone: str,
    contract: Contract,
    relation: str,
    partition: str,
) -> StagedFile:
    """Write a relation as the file of a partition.

    Nothing is committed by this; a file that no commit names is nobody's.
    """
    path = _new_path(contract, partition)
    target = lake.store.writable(f"{table_key(zone, contract.table)}/{path}")
    written = write_parquet(con, contract, relation, target)
    return StagedFile(
        partition=partition,
        path=path,
        size=written.size,
        rows=written.rows,
        sha256=written.sha256,
    )


def stage_chunk(
    lake: Lake, zone: str, contract: Contract, key: str, told: ChunkFile, partition: str
) -> StagedFile:
    """Let a chunk's file stand as the file of a partition, without writing its rows again."""
    path = _new_path(contract, partition)
    lake.store.link(key, f"{table_key(zone, contract.table)}/{path}")
    return StagedFile(
        partition=partition, path=path, size=told.size, rows=told.rows, sha256=told.sha256
    )


def _new_path(contract: Contract, partition: str) -> str:
    file = f"part-{secrets.token_hex(12)}.parquet"
    return f"{contract.partition}={partition}/{file}" if contract.partition else file


def narrowed_columns(
    con: duckdb.DuckDBPyConnection, relation: str, contract: Contract
) -> tuple[Column, ...]:
    """The columns whose type in a relation is another than the contract's.

    Raises:
        LossyWriteError: the relation lacks a column.
    """
    described = con.execute(f"describe select * from {relation}").fetchall()
    types = {row[0]: str(row[1]).lower().replace(" ", "") for row in described}
    content = contract.read_columns
    missing = [column.name for column in content if column.name not in types]
    if missing:
        msg = f"`{contract.table}` lacks the column `{missing[0]}` that its contract promises"
        raise LossyWriteError(msg)
    return tuple(
        column
        for column in content
        if types[column.name] != column.sql_type.lower().replace(" ", "")
    )


def refuse_lossy(
    con: duckdb.DuckDBPyConnection, relation: str, table: str, narrowed: Sequence[Column]
) -> None:
    """Refuse a relation whose values would change when cast to the contract's types.

    Raises:
        LossyWriteError: with the column and a value.
    """
    if not narrowed:
        return
    changes = [
        f"({quoted(c.name)} is not null and try_cast({quoted(c.name)} as {c.sql_type}) "
        f"is distinct from {quoted(c.name)})"
        for c in narrowed
    ]
    values = ", ".join(f"cast({quoted(c.name)} as varchar)" for c in narrowed)
    bad = con.execute(
        f"select [{', '.join(changes)}], [{values}] from {relation} "
        f"where {' or '.join(changes)} limit 1"
    ).fetchall()
    if bad:
        place = bad[0][0].index(True)
        column = narrowed[place]
        msg = f"`{table}.{column.name}`: `{bad[0][1][place]}` does not fit {column.sql_type}"
        raise LossyWriteError(msg, next_step="widen the column in the contract")


def commit(  # noqa: PLR0913 - one call is one Delta commit, and it needs all of this
    lake: Lake,
    zone: str,
    contract: Contract,
    files: list[StagedFile],
    replaced: frozenset[str],
    state: TableState,
    *,
    whole: bool,
) -> int:
    """Replace partitions (or the whole table) in one commit; returns the new version.

    Everything that the commit takes out of the table is in the archive before. `replaced`
    partitions without a file become empty. `state` is kept in the commit.
    """
    from deltalake import CommitProperties, Schema
    from deltalake.transaction import AddAction, create_table_with_add_actions

    schema = Schema.from_arrow(arrow_schema(contract))
    by = [contract.partition] if contract.partition else []
    adds = [
        AddAction(
            path=file.path,
            size=file.size,
            partition_values={contract.partition: file.partition} if contract.partition else {},
            modification_time=_MODIFIED,
            data_change=True,
            # Only the number of rows: bounds of some columns make the Arrow reader take the others
            # for null and drop rows (deltalake 1.6.6). The files carry bounds of their own.
            stats=json.dumps({"numRecords": file.rows}),
        )
        for file in files
    ]
    told = asdict(state)
    told.pop("version")
    properties = CommitProperties(custom_metadata={_METADATA: json.dumps(told, sort_keys=True)})
    delta = open_table(lake, zone, contract.table)
    if delta is not None:
        _archive(lake, zone, contract, delta, None if whole else replaced)
    if delta is None or whole:
        create_table_with_add_actions(
            lake.store.url(table_key(zone, contract.table)),
            schema,
            adds,
            mode="error" if delta is None else "overwrite",
            partition_by=by,
            name=contract.table,
            configuration={"delta.enableExpiredLogCleanup": "false"},
            commit_properties=properties,
        )
    else:
        delta.create_write_transaction(
            [*adds],
            mode="overwrite",
            schema=schema,
            partition_by=by,
            partition_filters=[(contract.partition, "in", sorted(replaced))]
            if contract.partition
            else None,
            commit_properties=properties,
        )
    committed = open_table(lake, zone, contract.table)
    assert committed is not None  # noqa: S101 - it was just written
    return int(committed.version())


def _archive(
    lake: Lake, zone: str, contract: Contract, delta: DeltaTable, only: frozenset[str] | None
) -> None:
    key = table_key(zone, contract.table)
    for path, value in _files(delta, contract.partition):
        if only is None or value in only or not contract.partition:
            lake.store.link(f"{key}/{path}", f"{ARCHIVE}/{key}/v{delta.version():08d}/{path}")
