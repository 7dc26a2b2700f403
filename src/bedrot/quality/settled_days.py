"""How a newer capture of daily figures changes the days that an older one had settled."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from bedrot.engine.quoting import literal, quoted

if TYPE_CHECKING:
    import duckdb

    from bedrot.contracts.model import Contract


@dataclass(frozen=True, slots=True, kw_only=True)
class DaysCompared:
    """Days that both captures tell: how many, how many are lower in the newer one, or changed."""

    compared: int
    lowered: int
    changed: int
    examples: tuple[str, ...] = ()


def compare_days(
    con: duckdb.DuckDBPyConnection,
    contract: Contract,
    *,
    older: Sequence[Path],
    newer: Path,
    until: date,
) -> DaysCompared:
    """Compare one partition of a capture with what older ones told, day by day up to `until`.

    `older` is in the order of time: the last one that tells a day counts. A day is lowered where
    any measure is, and changed where any differs.
    """
    key = [name for name in contract.key if name not in {"account_id", contract.partition}]
    period = quoted(str(contract.period))
    measures = [quoted(name) for name in contract.properties["measures"]]
    agree = " and ".join(f"o.{quoted(name)} is not distinct from n.{quoted(name)}" for name in key)
    lower = " or ".join(f"coalesce(n.{name} < o.{name}, false)" for name in measures)
    other = " or ".join(f"n.{name} is distinct from o.{name}" for name in measures)
    told = " || ', ' || ".join(
        f"coalesce(cast(o.{name} as varchar), 'null') || ' to ' "
        f"|| coalesce(cast(n.{name} as varchar), 'null')"
        for name in measures
    )
    keys = ", ".join(quoted(name) for name in key)
    # A ledger-like flow has its period beside the key, not in it.
    columns = ", ".join(dict.fromkeys((*(quoted(name) for name in key), period, *measures)))
    told_before = " union all ".join(
        f"select {columns}, {place} as _place from read_parquet({literal(str(path))})"
        for place, path in enumerate(older)
    )
    rows = con.execute(
        f"""
        with told as ({told_before}),
        held as (
            select * from told
            qualify row_number() over (partition by {keys} order by _place desc) = 1
        ),
        days as (
            select o.{period} as day, {lower} as lowered, {other} as changed, {told} as told
            from held as o
            join read_parquet({literal(str(newer))}) as n on {agree}
            where o.{period} <= {literal(until.isoformat())}::date
        )
        select count(*), count(*) filter (lowered), count(*) filter (changed),
            list(cast(day as varchar) || ': ' || told order by day) filter (lowered)[1:3]
        from days
        """
    ).fetchall()
    compared, lowered, changed, examples = rows[0]
    return DaysCompared(
        compared=compared, lowered=lowered, changed=changed, examples=tuple(examples or ())
    )
