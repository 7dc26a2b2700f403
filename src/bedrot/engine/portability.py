"""The lint that keeps SQL exact, repeatable and portable to Spark and Trino."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlglot import exp

SOURCE_RELATION = "source"
"""What a stream's SQL reads: the export's columns, all text."""

RULES: Mapping[str, str] = {
    "one-select": "The file is exactly one SELECT that sqlglot can read.",
    "bare-cast": "SQL that reads `source` casts no column (`cast`, `try_cast`, `::`), as a cast "
    "reads 1e3 as 1000 and rounds a 13th decimal: the house macros match the whole text first. "
    "A cast to text, of a literal, of a macro's result or of an aggregate is fine; `try_cast` is "
    "fine nowhere.",
    "text-conversion": "No strptime, to_date, date() and the like where `source` is read: use the "
    "house macros.",
    "inexact-double": "Only a column that the contract marks as a ratio is cast to double.",
    "division": "`/` stands only in a column that the contract marks as a ratio: it is a double "
    "in DuckDB and a decimal in Spark.",
    "avg": "No average: double in DuckDB, decimal in Spark. Give sum and count.",
    "regexp-replace-flag": "regexp_replace has its fourth argument: without it DuckDB replaces "
    "the first match and Spark all of them.",
    "columns-expression": "No columns(): it breaks lineage.",
    "pivot": "No pivot or unpivot: they break lineage.",
    "select-star": "`*` stands only over a named step of the same query, without exclude, replace "
    "or rename: else a column appears or vanishes without this file having changed.",
    "non-deterministic": "No clock, chance, sequence or sample: tables are a pure function.",
    "order-dependent": "What depends on the order of rows says the order: ranking and offset "
    "windows, limit, list and text aggregates; no any_value, first or last.",
    "json": "No JSON functions: JSON is parsed into typed lists before SQL sees it.",
    "reads-file": "No file is read by its path: SQL reads relations.",
}
"""What the lint looks for, by rule."""

_HOUSE_CONVERTERS = frozenset(
    {"exact_integer", "exact_decimal", "exact_percent", "iso_date", "iso_month"}
)
_CONVERSIONS = frozenset({"try_strptime", "to_date", "date_parse"})
_NON_DETERMINISTIC = frozenset(
    {
        "now",
        "setseed",
        "nextval",
        "currval",
        "get_current_timestamp",
        "transaction_timestamp",
        "current_localtime",
        "uuidv4",
        "uuidv7",
        "current_setting",
        "txid_current",
    }
)
_DIVISIONS = frozenset({"fdiv", "divide"})
_AVERAGES = frozenset({"mean", "fsum", "favg", "kahan_sum", "sumkahan"})
_TABLE_FUNCTIONS = frozenset({"unnest", "range", "generate_series"})


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Finding:
    """One place in a SQL file that breaks a rule. `line` counts from 1."""

    line: int
    rule: str
    message: str


def lint_sql(sql: str, *, double_columns: Collection[str] = ()) -> list[Finding]:
    """What in the SQL of a stream or mart breaks the rules, by line.

    It judges by the text: types are not known to it.

    Args:
        sql: The file's text.
        double_columns: The columns that the contract marks as ratios; inside the expression of
            one, at any step, division and casts to double are fine.
    """
    import sqlglot
    from sqlglot import exp
    from sqlglot.errors import SqlglotError

    try:
        parsed = [found for found in sqlglot.parse(sql, dialect="duckdb") if found is not None]
    except SqlglotError as exc:
        first_line = str(exc).partition("\n")[0]
        return [Finding(line=1, rule="one-select", message=f"cannot be read: {first_line}")]
    statements = [found for found in parsed if not isinstance(found, exp.Semicolon)]
    if len(statements) != 1 or not isinstance(statements[0], exp.Query):
        return [Finding(line=1, rule="one-select", message="is not exactly one SELECT")]
    statement = statements[0]
    context = _context(statement, double_columns)
    found = {
        Finding(line=_line(node), rule=rule, message=f"{_shown(node)}: {RULES[rule]}")
        for node in statement.walk()
        for check in _CHECKS
        for rule in check(node, context)
    }
    return sorted(found)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Context:
    reads_source: bool
    steps: frozenset[str]
    double_columns: frozenset[str]


def _context(statement: exp.Query, double_columns: Collection[str]) -> _Context:
    from sqlglot import exp

    return _Context(
        reads_source=any(
            table.name.lower() == SOURCE_RELATION for table in statement.find_all(exp.Table)
        ),
        steps=frozenset(step.alias.lower() for step in statement.find_all(exp.CTE)),
        double_columns=frozenset(name.lower() for name in double_columns),
    )


def _casts(node: exp.Expr, context: _Context) -> Iterator[str]:
    from sqlglot import exp

    if not isinstance(node, exp.Cast):
        return
    from_text = context.reads_source and _is_raw(node.this)
    to_text = node.to.this in exp.DataType.TEXT_TYPES
    if isinstance(node, exp.TryCast) or (from_text and not to_text):
        yield "bare-cast"
    if node.to.this in {exp.DType.DOUBLE, exp.DType.FLOAT} and not _in_ratio(node, context):
        yield "inexact-double"
    if node.to.this in {exp.DType.JSON, exp.DType.JSONB}:
        yield "json"


def _is_raw(operand: exp.Expr) -> bool:
    """Whether a column reaches the operand without a macro or an aggregate on its way."""
    from sqlglot import exp

    if isinstance(operand, exp.Column):
        return True
    if isinstance(operand, exp.AggFunc) or _function_name(operand) in _HOUSE_CONVERTERS:
        return False
    return any(_is_raw(inner) for inner in operand.iter_expressions())


def _numbers(node: exp.Expr, context: _Context) -> Iterator[str]:
    from sqlglot import exp

    name = _function_name(node)
    is_division = isinstance(node, exp.Div) or name in _DIVISIONS
    if is_division and not _in_ratio(node, context):
        yield "division"
    if isinstance(node, exp.Avg) or name in _AVERAGES:
        yield "avg"
    is_conversion = isinstance(node, exp.StrToTime | exp.StrToDate | exp.Date | exp.ToNumber)
    if context.reads_source and (is_conversion or name in _CONVERSIONS):
        yield "text-conversion"


def _texts(node: exp.Expr, _: _Context) -> Iterator[str]:
    from sqlglot import exp

    if isinstance(node, exp.RegexpReplace) and not node.args.get("modifiers"):
        yield "regexp-replace-flag"
    # sqlglot has a class of its own for some JSON functions and operators, and none for others.
    if isinstance(node, exp.Func):
        names = (type(node).__name__.lower(), _function_name(node))
        if any("json" in name for name in names):
            yield "json"


def _shapes(node: exp.Expr, context: _Context) -> Iterator[str]:
    from sqlglot import exp

    if isinstance(node, exp.Columns):
        yield "columns-expression"
    if isinstance(node, exp.Pivot):
        yield "pivot"
    if isinstance(node, exp.Star) and not isinstance(node.parent, exp.Count):
        modified = any(node.args.get(key) for key in ("except_", "except", "replace", "rename"))
        if modified or not _over_steps(node, context):
            yield "select-star"
    if isinstance(node, exp.Table) and _reads_file(node):
        yield "reads-file"


def _over_steps(star: exp.Star, context: _Context) -> bool:
    """Whether everything that the star can stand for is a named step or a subquery."""
    from sqlglot import exp

    select = star.find_ancestor(exp.Select)
    if select is None:
        return False
    wanted = star.parent.table.lower() if isinstance(star.parent, exp.Column) else ""
    origin = select.args.get("from_") or select.args.get("from")
    relations = [join.this for join in select.args.get("joins") or ()]
    relations += [origin.this] if origin is not None else []
    return all(
        relation.name.lower() in context.steps
        for relation in relations
        if isinstance(relation, exp.Table)
        and (not wanted or relation.alias_or_name.lower() == wanted)
    )


def _reads_file(table: exp.Table) -> bool:
    from sqlglot import exp

    if isinstance(table.this, exp.Identifier):
        return any(mark in table.name for mark in "./\\*:")
    if isinstance(table.this, exp.GenerateSeries | exp.Unnest):
        return False
    return _function_name(table.this) not in _TABLE_FUNCTIONS


def _chance(node: exp.Expr, _: _Context) -> Iterator[str]:
    from sqlglot import exp

    kinds = (
        exp.CurrentDate,
        exp.CurrentTime,
        exp.CurrentTimestamp,
        exp.CurrentDatetime,
        exp.CurrentVersion,
        exp.Localtime,
        exp.Localtimestamp,
        exp.Rand,
        exp.Randn,
        exp.Uuid,
        exp.TableSample,
    )
    if isinstance(node, kinds) or _function_name(node) in _NON_DETERMINISTIC:
        yield "non-deterministic"


def _order(node: exp.Expr, _: _Context) -> Iterator[str]:
    from sqlglot import exp

    if isinstance(node, exp.Window):
        ranked = (exp.RowNumber, exp.Lag, exp.Lead, exp.FirstValue, exp.LastValue, exp.NthValue)
        function = node.this.this if isinstance(node.this, exp.IgnoreNulls) else node.this
        open_ended = isinstance(function, (*ranked, exp.Ntile)) and not node.args.get("order")
    elif isinstance(node, exp.Limit | exp.Fetch | exp.Offset):
        open_ended = node.parent is None or not node.parent.args.get("order")
    elif isinstance(node, exp.ArrayAgg | exp.GroupConcat):
        ordered = isinstance(node.parent, exp.WithinGroup) or node.find(exp.Order) is not None
        open_ended = not ordered
    else:
        any_row = isinstance(node, exp.AnyValue | exp.First | exp.Last)
        open_ended = any_row or _function_name(node) == "arbitrary"
    if open_ended:
        yield "order-dependent"


_CHECKS: tuple[Callable[[exp.Expr, _Context], Iterator[str]], ...] = (
    _casts,
    _numbers,
    _texts,
    _shapes,
    _chance,
    _order,
)


def _in_ratio(node: exp.Expr, context: _Context) -> bool:
    from sqlglot import exp

    above = node.parent
    while above is not None and not isinstance(above, exp.Query):
        if isinstance(above, exp.Alias) and above.alias.lower() in context.double_columns:
            return True
        above = above.parent
    return False


def _function_name(node: exp.Expr) -> str:
    """The name of a function in lower case; empty for what is no function."""
    from sqlglot import exp

    if isinstance(node, exp.Anonymous | exp.AnonymousAggFunc):
        return str(node.name).lower()
    if isinstance(node, exp.Func):
        return node.sql_name().lower()
    return ""


def _line(node: exp.Expr) -> int:
    """The line of the node or of the nearest part of the query that has one."""
    nearest: exp.Expr | None = node
    while nearest is not None:
        lines = [inner.meta["line"] for inner in nearest.walk() if "line" in inner.meta]
        if lines:
            return int(min(lines))
        nearest = nearest.parent
    return 1


def _shown(node: exp.Expr) -> str:
    text = node.sql(dialect="duckdb", normalize_functions=False, comments=False)
    return f"`{text}`" if len(text) <= 60 else f"`{text[:57]}...`"
