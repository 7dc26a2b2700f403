"""Kinds with a key: one value per key, or one whole per window, and the newest capture stands.

`flow` has a value per key and day: the newest `as_of` wins, and older captures still fill the
days that no newer one covers. A `window` is told whole: of two captures of the same window the
newer one's rows stand, all of them, and none of the older one's. Both are one rule here: rows that
agree in the contract's `whole` columns (by default the key) come from the newest capture that has
any of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING

from bedrot.contracts.model import PROVISIONAL, Column
from bedrot.engine.quoting import literal, quoted, unambiguous_text
from bedrot.merge.restated import no_restatements, restated_keys
from bedrot.merge.sightings import ChunkRows, End, Sighting, lines_view, steps_table

if TYPE_CHECKING:
    import duckdb

    from bedrot.contracts.model import Contract


def merge_partition(
    con: duckdb.DuckDBPyConnection,
    contract: Contract,
    partition: str,
    chunks: Sequence[ChunkRows],
    walk: Sequence[Sighting],
    ends: Sequence[End],
) -> int | None:
    """Leave the relations `merged` and `restated` for one partition, until `forget_merge`.

    A row comes from the earliest capture that carries it as it stands. `ends` tell which days are
    provisional: those that no capture tells which ends days enough after them.

    Returns:
        The chunk whose rows `merged` just is, if its file may stand as it is.
    """
    con.execute(lines_view(contract, partition, chunks))
    con.execute(_ends(contract, ends))
    if len(chunks) == 1:
        return _take_over(con, contract, chunks[0])
    con.execute(steps_table(walk))
    for statement in _statements(contract):
        con.execute(statement)
    return None


def _take_over(con: duckdb.DuckDBPyConnection, contract: Contract, chunk: ChunkRows) -> int | None:
    """Where there is one row set alone, nothing has to be compared."""
    columns = _listed(contract.columns)
    scope = contract.properties.get("scope", ())
    same = " and ".join(f"ends.{quoted(name)} = held.{quoted(name)}" for name in scope) or "true"
    confirmed = f"select max(_confirmed) from ends where {same}"
    once = f"row_number() over (partition by {_names(_content(contract))} order by _row) = 1"
    con.execute(
        f"create or replace temp view merged as select {columns} from "
        f"(select held.*, {_provisional(contract, f'({confirmed})', '_chunk')} "
        f"from lines as held qualify {once})"
    )
    nothing = no_restatements(contract, restatement_columns(contract))
    con.execute(f"create or replace temp view restated as {nothing}")
    if "provisionalDays" in contract.properties:
        return None  # a chunk's file does not know what is provisional
    told, distinct = con.execute(
        f"select count(*), count(distinct {unambiguous_text(_content(contract))}) from lines"
    ).fetchall()[0]
    return chunk.chunk if told == distinct else None


def forget_merge(con: duckdb.DuckDBPyConnection) -> None:
    """Drop what `merge_partition` left."""
    for view in ("merged", "restated", "lines"):
        con.execute(f"drop view if exists {view}")
    for table in ("held", "said", "standing", "confirmed", "steps", "ends"):
        con.execute(f"drop table if exists {table}")


def restatement_columns(contract: Contract) -> tuple[Column, ...]:
    """Which measure changed, and its value before and after; null where there was no row."""
    sql_type, logical_type = _value_type(contract)
    return (
        Column(
            name="measure",
            logical_type="string",
            sql_type="varchar",
            description="The column whose value changed.",
        ),
        Column(
            name="old_value",
            logical_type=logical_type,
            sql_type=sql_type,
            description="Value that stood before; null where there was none.",
        ),
        Column(
            name="new_value",
            logical_type=logical_type,
            sql_type=sql_type,
            description="Value that stands since; null where there is none any more.",
        ),
        Column(
            name="is_conflict",
            logical_type="boolean",
            sql_type="boolean",
            description="Whether two captures of one moment disagree.",
        ),
    )


def _value_type(contract: Contract) -> tuple[str, str]:
    """One type that holds every measure exactly."""
    types = {contract.column(name).logical_type for name in contract.properties["measures"]}
    if types == {"integer"}:
        return "bigint", "integer"
    if types <= {"integer", "number"}:
        return "decimal(38,12)", "number"
    return "varchar", "string"


def _ends(contract: Contract, ends: Sequence[End]) -> str:
    """Up to which day each row set is confirmed, by scope."""
    days = timedelta(days=contract.properties.get("provisionalDays", 0))
    scope = contract.properties.get("scope", ())
    rows = [
        f"({end.chunk}, {''.join(f'{literal(value)}, ' for value in end.scope)}"
        f"date {literal((end.newest - days).isoformat())})"
        for end in ends
    ]
    columns = _names(["_chunk", *scope, "_confirmed"])
    told = f"values {', '.join(rows)}" if rows else f"select {_nulls(len(scope) + 2)} where false"
    return f"create or replace temp table ends as select * from ({told}) as told ({columns})"


def _nulls(count: int) -> str:
    return ", ".join(["null"] * count)


def _statements(contract: Contract) -> list[str]:
    whole = list(contract.properties.get("whole", contract.key))
    columns = _listed(contract.columns)
    has_provisional = "provisionalDays" in contract.properties
    join = f"left join confirmed on {_agree(whole, 'confirmed')}" if has_provisional else ""
    return [
        f"""
        create or replace temp table held as
        select *, {unambiguous_text(_content(contract))} as _same from lines
        """,
        f"create or replace temp table said as select distinct {_names(whole)}, _chunk from held",
        f"""
        create or replace temp table standing as
        select {_names(whole)}, arg_max(_chunk, place) as _chunk
        from said join steps using (_chunk) group by {_names(whole)}
        """,
        *([_confirmed(contract, whole)] if has_provisional else []),
        # The value stands since the earliest capture that carries it.
        f"""
        create or replace temp view merged as
        select {columns} from (
            select held.*, {_provisional(contract, "confirmed._confirmed", "_rank")}
            from held
            {join}
            join (select _chunk, min(seniority) as _rank from steps group by _chunk) as ranks
                using (_chunk)
            where _same in (
                select held._same from held
                join standing on held._chunk = standing._chunk and {_agree(whole, "standing")}
            )
            qualify row_number() over (partition by _same order by _rank) = 1
        )
        """,
        f"create or replace temp view restated as {_restated(contract, whole)}",
    ]


def _confirmed(contract: Contract, whole: Sequence[str]) -> str:
    """Up to which day each whole is confirmed, by the captures that tell it."""
    agreed = _names(["_chunk", *contract.properties.get("scope", ())])
    return f"""
        create or replace temp table confirmed as
        select {_names(whole)}, max(_confirmed) as _confirmed
        from said join ends using ({agreed})
        group by {_names(whole)}
    """


def _content(contract: Contract) -> list[str]:
    """The columns in which two rows that say the same agree."""
    return [column.name for column in (*contract.read_columns, contract.column("account_id"))]


def _provisional(contract: Contract, confirmed: str, otherwise: str) -> str:
    """The column of that name, by the day up to which a row is confirmed; else another column."""
    if "provisionalDays" not in contract.properties:
        return otherwise
    period = quoted(contract.properties["period"])
    return f"coalesce(held.{period} > {confirmed}, true) as {quoted(PROVISIONAL)}"


def _restated(contract: Contract, whole: Sequence[str]) -> str:
    """Every change of a measure from one capture of a whole to the next."""
    keys = restated_keys(contract)
    measures = contract.properties["measures"]
    values = ", ".join(f"held.{quoted(name)}" for name in measures)
    befores = ", ".join(
        f"lag({quoted(name)}) over told_before as {quoted('_old_' + name)}" for name in measures
    )
    changes = measure_changes(contract, keys)
    told = ", ".join(f"keys.{quoted(name)}" for name in keys)
    return f"""
        with keys as (select distinct {_names(keys)} from held),
        told as (
            select {told}, steps.place, steps.file_id, steps.as_of, steps.seen_until, {values}
            from keys
            join said on {_agree(whole, "said", "keys")}
            join steps on steps._chunk = said._chunk
            left join held on held._chunk = said._chunk and {_agree(contract.key, "keys")}
        ),
        compared as (
            select *, {befores}, lag(seen_until) over told_before as _old_until,
                row_number() over told_before as _step
            from told
            window told_before as (partition by {_names(keys)} order by place)
        )
        {changes}
    """


def measure_changes(contract: Contract, keys: Sequence[str]) -> str:
    """The rows of `restated`, from a relation `compared` of sightings beside the one before.

    `compared` has the keys and measures, `_old_<measure>` and `_old_until` of the sighting before,
    `_step` (1 is the first sighting), `file_id` and `as_of`.
    """
    sql_type, _ = _value_type(contract)
    return " union all ".join(
        f"select {_names(keys)}, {literal(name)} as measure, "
        f"cast({quoted('_old_' + name)} as {sql_type}) as old_value, "
        f"cast({quoted(name)} as {sql_type}) as new_value, "
        "as_of is not distinct from _old_until as is_conflict, file_id, as_of "
        f"from compared where _step > 1 "
        f"and {quoted(name)} is distinct from {quoted('_old_' + name)}"
        for name in contract.properties["measures"]
    )


def _agree(names: Sequence[str], other: str, one: str = "held") -> str:
    return " and ".join(
        f"{one}.{quoted(name)} is not distinct from {other}.{quoted(name)}" for name in names
    )


def _names(names: Sequence[str]) -> str:
    return ", ".join(quoted(name) for name in names)


def _listed(columns: Sequence[Column]) -> str:
    return _names([column.name for column in columns])
