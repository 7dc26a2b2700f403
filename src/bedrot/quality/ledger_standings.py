"""What a capture of a ledger lacks, compared with the older ones: filtered, or truncated."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from bedrot.engine.quoting import literal, literals, quoted

if TYPE_CHECKING:
    import duckdb

    from bedrot.contracts.model import Contract


@dataclass(frozen=True, slots=True, kw_only=True)
class Lacking:
    """Business keys of older captures that a newer one lacks although its own scope holds them."""

    keys: int
    amount: str
    examples: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """What a capture speaks of: its closing dates, and the values of each scope column in it."""

    first: date
    last: date
    values: Mapping[str, Sequence[str]]


def lacking_keys(
    con: duckdb.DuckDBPyConnection,
    contract: Contract,
    *,
    older: Sequence[Path],
    newer: Path | None,
    reach: Reach,
    withdrawn: Sequence[Reach] = (),
) -> Lacking:
    """Compare one partition of a capture with the same partition of the captures before it.

    A key is missed only if its closing date lies within the capture's own dates and every scope
    column (artist, store, sale month) has a value that the capture holds elsewhere: all else may
    have been filtered away on purpose. Nothing is missed that a person declared withdrawn.
    `amount` is the sum of the missed lines, as text.
    """
    key = [name for name in contract.properties["businessKey"] if name != "account_id"]
    amount = contract.properties["amount"]
    names = ", ".join(quoted(name) for name in key)
    con.execute("drop table if exists scope_values")
    con.execute("create temp table scope_values (reach integer, name varchar, value varchar)")
    conditions = [_within(con, contract, reach, 0)]
    conditions += [
        f"not ({_within(con, contract, gone, number)})"
        for number, gone in enumerate(withdrawn, start=1)
    ]
    listed = literals(older)
    missing = (
        "where not exists (select 1 from present where "
        + " and ".join(f'present."{name}" is not distinct from held."{name}"' for name in key)
        + ")"
    )
    present = (
        f"select distinct {names} from read_parquet({literal(str(newer))})"
        if newer
        else f"select {names} from read_parquet([{listed}]) where false"
    )
    rows = con.execute(
        f"""
        with held as (
            select {names}, filename, sum("{amount}") as amount
            from read_parquet([{listed}], filename = true)
            where {" and ".join(conditions)}
            group by all
        ),
        present as ({present}),
        missing as (
            select {names}, max(amount) as amount from held {missing} group by {names}
        )
        select *, count(*) over (), cast(sum(amount) over () as varchar)
        from missing order by {names} limit 3
        """
    ).fetchall()
    if not rows:
        return Lacking(keys=0, amount="0", examples=())
    return Lacking(
        keys=rows[0][-2],
        amount=rows[0][-1],
        examples=tuple(
            ", ".join(f"{name}={value}" for name, value in zip(key, row, strict=False))
            for row in rows
        ),
    )


def _within(con: duckdb.DuckDBPyConnection, contract: Contract, reach: Reach, number: int) -> str:
    """The condition that a line lies within a reach, whose values are registered."""
    closing = quoted(contract.properties["closingDate"])
    conditions = [f"{closing} between date '{reach.first}' and date '{reach.last}'"]
    for name, values in reach.values.items():
        con.execute(
            "insert into scope_values select ?, ?, unnest(?::varchar[])",
            [number, name, list(values)],
        )
        conditions.append(
            f"({quoted(name)} is null or {quoted(name)} in (select value from scope_values "
            f"where reach = {number} and name = {literal(name)}))"
        )
    return " and ".join(conditions)
