"""A contract's promises as SQL that returns the rows which break them."""

from __future__ import annotations

import dataclasses
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from bedrot.contracts.conditions import (
    is_integer,
    pattern_finding,
    quoted,
    rows_of_count,
    select_rows,
    sql_literal,
    sql_text,
)
from bedrot.contracts.model import SEVERITIES, Column, Contract, Rule

if TYPE_CHECKING:
    import duckdb
    from open_data_contract_standard.model import DataQuality, SchemaObject, SchemaProperty

_DEFAULT_SEVERITY = "warning"
_BOUNDS = {
    "minimum": ("<", "is at least"),
    "maximum": (">", "is at most"),
    "exclusiveMinimum": ("<=", "is above"),
    "exclusiveMaximum": (">=", "is below"),
}
_LENGTHS = {"minLength": ("<", "has at least"), "maxLength": (">", "has at most")}
_OPTIONS = {
    "string": {*_LENGTHS, "pattern"},
    "integer": set(_BOUNDS),
    "number": set(_BOUNDS),
    "date": set(_BOUNDS),
}


def compile_rules(
    table: SchemaObject, *, columns: Sequence[Column], key: Sequence[str]
) -> tuple[tuple[Rule, ...], list[str]]:
    """The rules of a table in the contract's order, and what cannot be compiled.

    Severity: `required`, `unique` and the primary key are errors; everything else is a warning
    unless its `severity` says otherwise.
    """
    compiled = list(_compiled(table, columns={column.name: column for column in columns}, key=key))
    rules = tuple(item for item in compiled if isinstance(item, Rule))
    findings = [item for item in compiled if isinstance(item, str)]
    names = Counter(rule.name for rule in rules)
    findings.extend(
        f"rule `{name}` stands {n} times; give each its own `name`"
        for name, n in names.items()
        if n > 1
    )
    return rules, findings


def failing_rows(
    con: duckdb.DuckDBPyConnection,
    contract: Contract,
    rule: Rule,
    *,
    relation: str | None = None,
    limit: int = 100,
) -> list[dict[str, Any]]:
    """The first rows that break a rule.

    Args:
        con: A session that knows the relation.
        contract: The contract that the rule belongs to.
        rule: The rule to try.
        relation: The view or table to look at; the one named like the contract's by default.
        limit: How many rows to give at most; the rows are in no particular order.
    """
    sql = rule.sql
    if relation is not None and relation != contract.table:
        # The rule reads the contract's name, which stands for the relation inside this query.
        sql = f"with {quoted(contract.table)} as (from {quoted(relation)}) {sql}"
    found = con.sql(f"from ({sql}) limit {int(limit)}")
    rows: list[dict[str, Any]] = found.to_arrow_table().to_pylist()
    return rows


def _compiled(
    table: SchemaObject, *, columns: Mapping[str, Column], key: Sequence[str]
) -> Iterator[Rule | str]:
    """Rules, and texts for what cannot be one."""
    table_name = str(table.name)
    if key:
        yield _duplicates(table_name, key, name="primary_key", severity="error", nulls_equal=True)
    for written in table.properties or ():
        column = columns.get(str(written.name))
        if column is None:
            continue
        yield from _column_rules(table_name, written, column)
        for quality in written.quality or ():
            yield from _column_quality(table_name, quality, column)
    for quality in table.quality or ():
        yield from _table_quality(table_name, quality, columns)


def _column_rules(table: str, written: SchemaProperty, column: Column) -> Iterator[Rule | str]:
    name = quoted(column.name)
    if column.required:
        yield Rule(
            name=f"{column.name}_required",
            description=f"`{column.name}` is never null",
            severity="error",
            sql=select_rows(table, f"{name} is null"),
            condition=f"{name} is null",
        )
    if written.unique:
        yield _duplicates(
            table, [column.name], name=f"{column.name}_unique", severity="error", nulls_equal=False
        )
    for option, value in (written.logicalTypeOptions or {}).items():
        yield _option(table, column, option, value)


def _option(table: str, column: Column, option: str, value: Any) -> Rule | str:  # noqa: ANN401
    place = f"column `{column.name}`: `logicalTypeOptions.{option}`"
    if option not in _OPTIONS.get(column.logical_type, ()):
        return f"{place} is not checked here for a `{column.logical_type}`"
    name = quoted(column.name)
    if option == "pattern":
        wrong = pattern_finding(value)
        condition = f"not regexp_full_match({name}, {sql_text(str(value))})"
        promise = f"matches `{value}`"
    elif option in _LENGTHS:
        wrong = "" if is_integer(value) else "has to be a whole number"
        operator, words = _LENGTHS[option]
        condition = f"length({name}) {operator} {value}"
        promise = f"{words} {value} characters"
    else:
        literal = sql_literal(column, value)
        wrong = "" if literal else f"has to be a `{column.logical_type}`, not `{value!r}`"
        operator, words = _BOUNDS[option]
        condition = f"{name} {operator} {literal}"
        promise = f"{words} {value}"
    if wrong:
        return f"{place} {wrong}"
    return Rule(
        name=f"{column.name}_{_snake(option)}",
        description=f"`{column.name}` {promise}",
        severity=_DEFAULT_SEVERITY,
        sql=select_rows(table, condition),
        condition=condition,
    )


def _column_quality(table: str, quality: DataQuality, column: Column) -> Iterator[Rule | str]:
    place = f"column `{column.name}`: quality `{quality.name or quality.metric}`"
    if quality.type == "text":
        return
    if wrong := _quality_finding(quality, types=("library",)):
        yield f"{place} {wrong}"
        return
    severity = quality.severity or _DEFAULT_SEVERITY
    name = quality.name or f"{column.name}_{_snake(str(quality.metric))}"
    if quality.metric == "duplicateValues":
        rule = _duplicates(table, [column.name], name=name, severity=severity, nulls_equal=False)
        yield rule if not quality.description else _described(rule, quality.description)
        return
    condition, promise = _metric(quality, column)
    if not condition:
        yield f"{place} {promise}"
        return
    yield Rule(
        name=name,
        description=(quality.description or f"`{column.name}` {promise}").strip(),
        severity=severity,
        sql=select_rows(table, condition),
        condition=condition,
    )


def _metric(quality: DataQuality, column: Column) -> tuple[str, str]:
    """Condition of a failing row and the promise; no condition and what is wrong."""
    name = quoted(column.name)
    arguments = dict(quality.arguments or {})
    if quality.metric == "nullValues" and not arguments:
        return f"{name} is null", "is never null"
    if quality.metric == "invalidValues" and set(arguments) == {"validValues"}:
        return _listed(column, arguments["validValues"], "not in", "is one of")
    if quality.metric == "invalidValues" and set(arguments) == {"pattern"}:
        pattern = arguments["pattern"]
        if wrong := pattern_finding(pattern):
            return "", f"pattern {wrong}"
        return f"not regexp_full_match({name}, {sql_text(pattern)})", f"matches `{pattern}`"
    if quality.metric == "missingValues" and set(arguments) == {"missingValues"}:
        return _listed(column, arguments["missingValues"], "in", "is none of")
    return "", (
        "is not checked here (known: nullValues; duplicateValues; invalidValues with "
        "validValues or pattern; missingValues with missingValues)"
    )


def _listed(column: Column, values: Any, operator: str, words: str) -> tuple[str, str]:  # noqa: ANN401
    if not isinstance(values, list) or not values:
        return "", "needs a list of values"
    literals = [sql_literal(column, value) for value in values]
    odd = [value for value, literal in zip(values, literals, strict=True) if not literal]
    if odd:
        # YAML reads an unquoted NO as false and 007 as 7.
        return "", f"has values that are not a `{column.logical_type}`: {odd!r} (quote texts)"
    condition = f"{quoted(column.name)} {operator} ({', '.join(literals)})"
    return condition, f"{words}: {', '.join(str(value) for value in values)}"


def _table_quality(
    table: str, quality: DataQuality, columns: Mapping[str, Column]
) -> Iterator[Rule | str]:
    place = f"table `{table}`: quality `{quality.name or quality.metric or quality.type}`"
    if quality.type == "text":
        return
    if wrong := _quality_finding(quality, types=("library", "sql")):
        yield f"{place} {wrong}"
    elif not quality.name or not quality.description:
        yield f"{place} needs a `name` and a `description`"
    elif quality.type == "sql":
        sql, condition, wrong = rows_of_count(table, quality.query or "", columns)
        yield (
            f"{place} {wrong}"
            if wrong
            else Rule(
                name=quality.name,
                description=quality.description.strip(),
                severity=quality.severity or _DEFAULT_SEVERITY,
                sql=sql,
                condition=condition,
            )
        )
    else:
        yield _table_duplicates(table, quality, columns, place=place)


def _table_duplicates(
    table: str, quality: DataQuality, columns: Mapping[str, Column], *, place: str
) -> Rule | str:
    names = (quality.arguments or {}).get("properties")
    if quality.metric != "duplicateValues" or not isinstance(names, list) or not names:
        return f"{place}: only duplicateValues with a list of `properties` is checked for a table"
    unknown = [str(name) for name in names if name not in columns]
    if unknown:
        return f"{place} names `{', '.join(unknown)}`, which the table does not have"
    rule = _duplicates(
        table,
        [str(name) for name in names],
        name=str(quality.name),
        severity=quality.severity or _DEFAULT_SEVERITY,
        nulls_equal=True,
    )
    return _described(rule, str(quality.description))


def _quality_finding(quality: DataQuality, *, types: Sequence[str]) -> str:
    if (quality.type or "library") not in types:
        return f"is of type `{quality.type}`, which is not run here"
    if quality.severity is not None and quality.severity not in SEVERITIES:
        return f"has severity `{quality.severity}`, which is none of: {', '.join(SEVERITIES)}"
    others = ("mustNotBe", "mustBeGreaterThan", "mustBeGreaterOrEqualTo", "mustBeLessThan")
    more = ("mustBeLessOrEqualTo", "mustBeBetween", "mustNotBeBetween", "rule")
    if any(getattr(quality, operator) is not None for operator in (*others, *more)):
        return "has to promise `mustBe: 0`: a rule names the rows that break it"
    if quality.mustBe != 0 or isinstance(quality.mustBe, bool):
        return "has to promise `mustBe: 0`: a rule names the rows that break it"
    return ""


def _duplicates(
    table: str, names: Sequence[str], *, name: str, severity: str, nulls_equal: bool
) -> Rule:
    columns = ", ".join(quoted(column) for column in names)
    given = " and ".join(f"{quoted(column)} is not null" for column in names)
    where = "" if nulls_equal else f" where {given}"
    told = ", ".join(f"`{column}`" for column in names)
    return Rule(
        name=name,
        description=f"no two rows have the same {told}",
        severity=severity,
        sql=f"select * from {quoted(table)}{where} "
        f"qualify count(*) over (partition by {columns}) > 1",
    )


def _described(rule: Rule, description: str) -> Rule:
    return dataclasses.replace(rule, description=description.strip())


def _snake(camel: str) -> str:
    return re.sub(r"(?<!^)([A-Z])", r"_\1", camel).lower()
