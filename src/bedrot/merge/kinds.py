"""One door to the merges: the contract's kind decides which one it is."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import TYPE_CHECKING

from bedrot.contracts.model import MADE_COLUMNS, Column
from bedrot.merge import keyed, ledger, snapshots
from bedrot.merge.restated import restated_keys
from bedrot.merge.sightings import ChunkRows, End, Sighting

if TYPE_CHECKING:
    import duckdb

    from bedrot.contracts.model import Contract

_LEDGER = "ledger"


def merge_partition(
    con: duckdb.DuckDBPyConnection,
    contract: Contract,
    partition: str,
    chunks: Sequence[ChunkRows],
    walk: Sequence[Sighting],
    ends: Sequence[End] = (),
) -> int | None:
    """Leave the relations `merged` and `restated` for one partition, until `forget_merge`.

    `merged` has the contract's columns, `restated` those of `restatement_columns`. `walk` is in
    the order of `as_of`, unknown first; among equal times the smaller payload hash comes last and
    so stands.

    Returns:
        The chunk whose rows `merged` just is, if its file may stand as it is.
    """
    if contract.kind == _LEDGER:
        return ledger.merge_partition(con, contract, partition, chunks, walk)
    if contract.kind in MADE_COLUMNS:
        snapshots.merge_partition(con, contract, partition, chunks, walk)
        return None
    return keyed.merge_partition(con, contract, partition, chunks, walk, ends)


def forget_merge(con: duckdb.DuckDBPyConnection, contract: Contract) -> None:
    """Drop what `merge_partition` left."""
    if contract.kind == _LEDGER:
        ledger.forget_merge(con)
    elif contract.kind in MADE_COLUMNS:
        snapshots.forget_merge(con)
    else:
        keyed.forget_merge(con)


def restatement_columns(contract: Contract) -> tuple[Column, ...]:
    """The columns of a table's restatements between its key and the capture that changed it."""
    if contract.kind == _LEDGER:
        return ledger.restatement_columns(contract)
    return keyed.restatement_columns(contract)


def restatement_contract(contract: Contract) -> Contract:
    """The contract of the table that lists a stream's restatements: one row per key and change."""
    columns = [
        dataclasses.replace(contract.column(name), required=False)
        for name in restated_keys(contract)
    ]
    columns += restatement_columns(contract)
    columns += [
        Column(
            name="file_id",
            logical_type="string",
            sql_type="varchar",
            description="The payload whose capture changed the value.",
        ),
        Column(
            name="as_of",
            logical_type="timestamp",
            sql_type=contract.column("as_of").sql_type,
            description="When that capture was true.",
        ),
    ]
    return dataclasses.replace(
        contract,
        id=f"{contract.id}-restatements",
        table=f"{contract.table}_restatements",
        description=f"Every change that a later capture made to a value of {contract.table}.",
        columns=tuple(columns),
        key=(),
        rules=(),
        properties={},
    )
