"""Writing a table: what differs from the published version, in one commit."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bedrot.zones.tables import (
    Content,
    StagedFile,
    TableState,
    commit,
    content_of,
    read_state,
    refuse_lossy,
    stage_partition,
)

if TYPE_CHECKING:
    import duckdb

    from bedrot.contracts.model import Contract
    from bedrot.zones.lake import Lake

PartitionTold = tuple[int, str, str]
"""Rows, content hash and origin of a partition."""

_NOTHING: PartitionTold = (0, "0", "")
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

    A partition is written only if its rows or the records that they come from differ. A table
    of another definition is replaced as a whole.
    """

    def __init__(self, lake: Lake, zone: str, contract: Contract, definition_id: str) -> None:
        self._lake = lake
        self._zone = zone
        self._contract = contract
        self._definition_id = definition_id
        self.published = read_state(lake, zone, contract.table)
        self.is_whole = self.published is None or self.published.definition_id != definition_id
        self._told: dict[str, PartitionTold] = {}
        if self.published is not None and not self.is_whole:
            self._told = {
                name: (content.rows, content.digest, self.published.origins.get(name, ""))
                for name, content in self.published.contents.items()
            }
        self._files: list[StagedFile] = []
        self._replaced: set[str] = set()

    @property
    def partitions(self) -> frozenset[str]:
        """The partitions that hold rows so far."""
        return frozenset(self._told)

    def holds(self, partition: str, told: Sequence[Any]) -> bool:
        """Whether the published partition is just that."""
        return not self.is_whole and self._told.get(partition, _NOTHING) == tuple(told)

    def empty(self, partition: str) -> None:
        """Take all rows out of a partition."""
        if self._told.pop(partition, None) is not None:
            self._replaced.add(partition)

    def offer(self, con: duckdb.DuckDBPyConnection, relation: str, partition: str) -> PartitionTold:
        """Make a relation the partition's content; it is written only if it differs.

        Raises:
            LossyWriteError: a value does not fit the contract's type.
        """
        refuse_lossy(con, relation, self._contract)
        content = content_of(con, relation, self._contract)
        if content.rows == 0:
            self.empty(partition)
            return _NOTHING
        told = (content.rows, content.digest, self._origin(con, relation))
        if self._told.get(partition) != told:
            self._files.append(
                stage_partition(
                    con, self._lake, self._zone, self._contract, relation, partition, content
                )
            )
            self._replaced.add(partition)
            self._told[partition] = told
        return told

    def finish(
        self, *, inputs: Mapping[str, str] | None = None, sources: Mapping[str, Any] | None = None
    ) -> TableChange:
        """Commit what differs, if anything does."""
        if not self._replaced and not self.is_whole and self.published is not None:
            return TableChange(table=self._contract.table, zone=self._zone, state=self.published)
        state = TableState(
            definition_id=self._definition_id,
            contents={
                name: Content(rows=rows, digest=digest)
                for name, (rows, digest, _) in self._told.items()
            },
            inputs=inputs or {},
            origins={name: origin for name, (_, _, origin) in self._told.items() if origin},
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
            partitions=tuple(sorted(self._replaced)) or ("",),
            rows_written=sum(file.content.rows for file in self._files),
            bytes_written=sum(file.size for file in self._files),
        )

    def _origin(self, con: duckdb.DuckDBPyConnection, relation: str) -> str:
        """Tells whether the rows come from the same records as before."""
        names = {column.name for column in self._contract.columns if column.is_bookkeeping}
        listed = ", ".join(f'"{name}"' for name in _ORIGIN_COLUMNS if name in names)
        if not listed:
            return ""
        total = con.execute(f"select sum(hash({listed})) from {relation}").fetchall()[0][0]
        return format(int(total or 0), "x")
