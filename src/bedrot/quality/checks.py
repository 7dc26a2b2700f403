"""Applying a contract's rules to rows, all in one scan."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bedrot.zones.parts import RuleResult

if TYPE_CHECKING:
    import duckdb

    from bedrot.contracts.model import Contract, Rule

_EXAMPLES = 3


def check_rows(con: duckdb.DuckDBPyConnection, contract: Contract) -> tuple[RuleResult, ...]:
    """The rules of a contract that rows of the relation named like its table break."""
    plain = [(rule, rule.condition) for rule in contract.rules if rule.condition is not None]
    counts: dict[str, int] = {}
    if plain:
        filters = ", ".join(f"count(*) filter (where {where})" for _, where in plain)
        row = con.execute(f'select {filters} from "{contract.table}"').fetchall()[0]
        counts = {rule.name: found for (rule, _), found in zip(plain, row, strict=True)}
    for rule in contract.rules:
        if rule.name not in counts:
            counts[rule.name] = con.execute(f"select count(*) from ({rule.sql})").fetchall()[0][0]
    return tuple(
        RuleResult(
            name=rule.name,
            severity=rule.severity,
            description=rule.description,
            failing=counts[rule.name],
            examples=_examples(con, contract, rule),
        )
        for rule in contract.rules
        if counts[rule.name]
    )


def _examples(con: duckdb.DuckDBPyConnection, contract: Contract, rule: Rule) -> tuple[str, ...]:
    """A few failing rows, told by the columns that the rule is about."""
    named = [column.name for column in contract.read_columns if column.name in rule.sql]
    columns = ", ".join(f'cast("{name}" as varchar)' for name in named) or "null"
    rows = con.execute(
        f"select _row, {columns} from ({rule.sql}) order by _row limit {_EXAMPLES}"
    ).fetchall()
    return tuple(
        f"record {row[0]}: "
        + ", ".join(f"{name}={value}" for name, value in zip(named, row[1:], strict=False))
        for row in rows
    )
