"""Applying a contract's rules to rows, all in one scan."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from bedrot.zones.parts import RuleResult

if TYPE_CHECKING:
    import duckdb

    from bedrot.contracts.model import Contract, Rule

_EXAMPLES = 3


def check_rows(con: duckdb.DuckDBPyConnection, contract: Contract) -> tuple[RuleResult, ...]:
    """The rules of a contract that rows of the relation named like its table break."""
    plain = [(rule, where) for rule in contract.rules if (where := _condition(rule))]
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


@cache
def _condition(rule: Rule) -> str | None:
    """The WHERE of a rule that only filters its table, so that many rules share one scan."""
    import sqlglot
    from sqlglot import exp

    parsed = sqlglot.parse_one(rule.sql, dialect="duckdb")
    only_filters = isinstance(parsed, exp.Select) and not any(
        parsed.args.get(part)
        for part in ("joins", "group", "having", "qualify", "limit", "distinct", "with", "with_")
    )
    where = parsed.args.get("where")
    if not only_filters or where is None or where.find(exp.Subquery, exp.Window):
        return None
    return str(where.this.sql(dialect="duckdb"))


def _examples(con: duckdb.DuckDBPyConnection, contract: Contract, rule: Rule) -> tuple[str, ...]:
    """A few failing rows, told by the columns that the rule is about."""
    named = [column.name for column in contract.content_columns if column.name in rule.sql]
    columns = ", ".join(f'cast("{name}" as varchar)' for name in named) or "null"
    rows = con.execute(
        f"select _row, {columns} from ({rule.sql}) order by _row limit {_EXAMPLES}"
    ).fetchall()
    return tuple(
        f"record {row[0]}: "
        + ", ".join(f"{name}={value}" for name, value in zip(named, row[1:], strict=False))
        for row in rows
    )
