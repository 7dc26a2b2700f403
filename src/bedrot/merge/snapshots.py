"""Kinds whose rows belong to a moment: `lifetime`, `stock` and `dimension`.

A `lifetime` total is kept as every capture told it, at the capture's moment. A `stock` is a level on
the day on which it was read; of two readings of one day the newer stands. A `dimension` has a row for
every change of an entity, from the capture that first told it until the next one that tells another.
An entity that a later capture lacks stays: absence says nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from bedrot.contracts.model import MADE_COLUMNS
from bedrot.engine.quoting import quoted, unambiguous_text
from bedrot.merge.keyed import measure_changes, restatement_columns
from bedrot.merge.restated import no_restatements
from bedrot.merge.sightings import ChunkRows, Sighting, lines_view, steps_table

if TYPE_CHECKING:
    import duckdb

    from bedrot.contracts.model import Contract

DIMENSION = "dimension"

_MOMENTS = {
    "lifetime": "steps.as_of as snapshot_at",
    # The session's zone is UTC.
    "stock": "cast(steps.as_of as date) as read_date",
    DIMENSION: "steps.as_of as valid_from",
}


def merge_partition(
    con: duckdb.DuckDBPyConnection,
    contract: Contract,
    partition: str,
    chunks: Sequence[ChunkRows],
    walk: Sequence[Sighting],
) -> None:
    """Leave the relations `merged` and `restated`, until `forget_merge`."""
    con.execute(lines_view(contract, partition, chunks))
    con.execute(steps_table(walk))
    con.execute(_held(contract))
    if contract.kind == DIMENSION:
        con.execute(f"create or replace temp view merged as {_history(contract)}")
        # A dimension's changes are its rows; there is nothing else to tell.
        nothing = no_restatements(contract, restatement_columns(contract))
        con.execute(f"create or replace temp view restated as {nothing}")
        return
    con.execute(f"create or replace temp view merged as {_newest(contract)}")
    con.execute(f"create or replace temp view restated as {_restated(contract)}")


def forget_merge(con: duckdb.DuckDBPyConnection) -> None:
    """Drop what `merge_partition` left."""
    for view in ("merged", "restated", "lines"):
        con.execute(f"drop view if exists {view}")
    for table in ("held", "steps"):
        con.execute(f"drop table if exists {table}")


def _held(contract: Contract) -> str:
    """Every row at every moment at which it was seen."""
    content = [column.name for column in (*contract.read_columns, contract.column("account_id"))]
    return (
        "create or replace temp table held as "
        f"select lines.* exclude (as_of), steps.as_of, steps.place, steps.file_id, "
        f"steps.seen_until, {_MOMENTS[contract.kind]}, {unambiguous_text(content)} as _same "
        "from lines join steps using (_chunk)"
    )


def _newest(contract: Contract) -> str:
    columns = _names([column.name for column in contract.columns])
    return (
        f"select {columns} from held qualify row_number() over "
        f"(partition by {_names(contract.key)} order by place desc) = 1"
    )


def _history(contract: Contract) -> str:
    """One row per entity and change; of two captures of one moment the one that stands counts."""
    entity = _names([name for name in contract.key if name not in MADE_COLUMNS[DIMENSION]])
    columns = _names([column.name for column in contract.columns])
    return f"""
        with of_moments as (
            select * from held qualify row_number() over
                (partition by {entity}, valid_from order by place desc) = 1
        ),
        compared as (
            select *, lag(_same) over (partition by {entity} order by place) as _before
            from of_moments
        ),
        changes as (
            select * from compared where _before is distinct from _same
        ),
        ended as (
            select *, lead(valid_from) over (partition by {entity} order by place) as valid_to
            from changes
        )
        select {columns} from ended
    """


def _restated(contract: Contract) -> str:
    measures = contract.properties["measures"]
    befores = ", ".join(
        f"lag({quoted(name)}) over told_before as {quoted('_old_' + name)}" for name in measures
    )
    return f"""
        with compared as (
            select *, {befores}, lag(seen_until) over told_before as _old_until,
                row_number() over told_before as _step
            from held
            window told_before as (partition by {_names(contract.key)} order by place)
        )
        {measure_changes(contract, contract.key)}
    """


def _names(names: Sequence[str]) -> str:
    return ", ".join(quoted(name) for name in names)
