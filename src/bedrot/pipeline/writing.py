"""Writing a table: what differs from the published version, in one commit."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bedrot.engine.quoting import literal, quoted
from bedrot.zones.tables import (
    WHOLE,
    Content,
    StagedFile,
    TableState,
    commit,
    digest_of,
    narrowed_columns,
    open_table,
    read_state,
    refuse_lossy,
    scan_sql,
    stage_chunk,
    stage_partition,
)

if TYPE_CHECKING:
    import duckdb

    from bedrot.contracts.model import Column, Contract
    from bedrot.zones.lake import Lake
    from bedrot.zones.parts import ChunkFile


_ORIGIN_COLUMNS = ("_file_id", "_row", "as_of")


@dataclass(frozen=True, slots=True, kw_only=True)
class TableChange:
    """What a build did to a table; `partitions` is empty where no version was written."""

    table: str
    zone: str
    state: TableState
    partitions: tuple[str, ...] = ()
    rows_written: int = 0
    bytes_written: int = 0

    @property
    def is_changed(self) -> bool:
        """Whether a version was written."""
        return bool(self.partitions)


class TableWriter:
    """Collects the partitions of one table that differ from its newest version.

    A partition is written if it is made from other things than before and its rows, or the
    records that they come from, differ. A table of another definition is replaced as a whole.
    `afresh` compares rows even where they are made from the same things.
    """

    def __init__(
        self, lake: Lake, zone: str, contract: Contract, definition_id: str, *, afresh: bool
    ) -> None:
        self._lake = lake
        self._afresh = afresh
        self._zone = zone
        self._contract = contract
        self._definition_id = definition_id
        self.published = read_state(lake, zone, contract.table)
        self.is_whole = self.published is None or self.published.definition_id != definition_id
        self._contents: dict[str, Content] = {}
        if self.published is not None and not self.is_whole:
            self._contents = dict(self.published.contents)
        self._files: list[StagedFile] = []
        self._replaced: set[str] = set()
        self._narrowed: tuple[Column, ...] | None = None

    @property
    def partitions(self) -> frozenset[str]:
        """The partitions that hold rows so far."""
        return frozenset(self._contents)

    def token(self, partition: str) -> str:
        """What the partition was made from; empty where it holds nothing."""
        content = self._contents.get(partition)
        return content.token if content else ""

    def empty(self, partition: str) -> None:
        """Take all rows out of a partition."""
        if self._contents.pop(partition, None) is not None:
            self._replaced.add(partition)

    def offer(
        self, con: duckdb.DuckDBPyConnection, relation: str, partition: str, token: str
    ) -> None:
        """Make a relation the partition's content.

        Raises:
            LossyWriteError: a value does not fit the contract's type.
        """
        if self._narrowed is None:  # all partitions of a table come from one query
            self._narrowed = narrowed_columns(con, relation, self._contract)
        refuse_lossy(con, relation, self._contract.table, self._narrowed)
        digest = None
        if partition in self._contents:
            digest = self._whole_digest(con, relation)
            if digest == self._published_digest(con, partition):
                return
        file = stage_partition(con, self._lake, self._zone, self._contract, relation, partition)
        self._take(file, token, digest)

    def offer_chunk(
        self,
        con: duckdb.DuckDBPyConnection,
        key: str,
        told: ChunkFile,
        partition: str,
        token: str,
    ) -> None:
        """Let a chunk's file be the partition's content, unless it is already."""
        if partition in self._contents:
            if self.token(partition) == token and not self._afresh:
                return
            relation = f"read_parquet({literal(str(self._lake.store.local(key)))})"
            if self._contract.partition:
                relation = (
                    f"(select *, {literal(partition)} as {quoted(self._contract.partition)} "
                    f"from {relation})"
                )
            digest = self._whole_digest(con, relation)
            if digest == self._published_digest(con, partition):
                return
        file = stage_chunk(self._lake, self._zone, self._contract, key, told, partition)
        self._take(file, token, None)

    def finish(
        self, *, inputs: Mapping[str, str] | None = None, sources: Mapping[str, Any] | None = None
    ) -> TableChange:
        """Commit what differs, if anything does."""
        if not self._replaced and not self.is_whole and self.published is not None:
            return TableChange(table=self._contract.table, zone=self._zone, state=self.published)
        state = TableState(
            definition_id=self._definition_id,
            contents=self._contents,
            inputs=inputs or {},
            sources=sources or {},
        )
        version = commit(
            self._lake,
            self._zone,
            self._contract,
            self._files,
            frozenset(self._replaced),
            state,
            whole=self.is_whole or self._contract.partition is None,
        )
        return TableChange(
            table=self._contract.table,
            zone=self._zone,
            state=dataclasses.replace(state, version=version),
            partitions=tuple(sorted(self._replaced)) or (WHOLE,),
            rows_written=sum(file.rows for file in self._files),
            bytes_written=sum(file.size for file in self._files),
        )

    def _take(self, file: StagedFile, token: str, digest: str | None) -> None:
        if file.rows == 0:
            self.empty(file.partition)
            return
        self._files = [kept for kept in self._files if kept.partition != file.partition]
        self._files.append(file)
        self._replaced.add(file.partition)
        self._contents[file.partition] = Content(
            rows=file.rows, token=token, sha256=file.sha256, digest=digest
        )

    def _published_digest(self, con: duckdb.DuckDBPyConnection, partition: str) -> str | None:
        content = self._contents[partition]
        if content.digest is not None and not self._afresh:
            return content.digest
        if self.published is None:
            return None
        delta = open_table(self._lake, self._zone, self._contract.table, self.published.version)
        if delta is None:
            return None
        only = frozenset({partition}) if self._contract.partition else None
        return self._whole_digest(con, scan_sql(delta, self._contract.partition, only))

    def _whole_digest(self, con: duckdb.DuckDBPyConnection, relation: str) -> str:
        """Content hash, and which records the rows come from."""
        names = {column.name for column in self._contract.columns if column.is_bookkeeping}
        listed = ", ".join(quoted(name) for name in _ORIGIN_COLUMNS if name in names)
        digest = digest_of(con, relation, self._contract)
        if not listed:
            return digest
        total = con.execute(f"select sum(hash({listed})) from {relation}").fetchall()[0][0]
        return f"{digest}-{int(total or 0):x}"
