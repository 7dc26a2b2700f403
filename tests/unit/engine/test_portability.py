"""The lint: each rule finds what it is for, and lets pass what is exact."""

from __future__ import annotations

import pytest

from bedrot.engine.portability import RULES, lint_sql

CLEAN_STREAM = """
-- Text becomes typed, step by step.
with typed as (
    select
        clean_text(artist) as artist,
        exact_decimal(earnings) as net_usd,
        cast(exact_integer(quantity) as integer) as units,
        cast(quantity as varchar) as quantity_text,
        regexp_replace(title, '  +', ' ', 'g') as title,
        date '2020-01-01' as first_day
    from source
),
ranked as (
    select typed.*, row_number() over (partition by artist order by net_usd) as rank
    from typed
)
select *, string_agg(title, ', ' order by title) over (partition by artist) as titles
from ranked
order by rank
limit 10
"""


def rules_broken(sql: str, *double_columns: str) -> list[str]:
    return [finding.rule for finding in lint_sql(sql, double_columns=double_columns)]


def test_a_clean_stream_has_no_findings() -> None:
    assert lint_sql(CLEAN_STREAM) == []


@pytest.mark.parametrize(
    ("expression", "rule"),
    [
        ("cast(quantity as bigint)", "bare-cast"),
        ("quantity::date", "bare-cast"),
        ("cast(clean_text(quantity) as decimal(22, 12))", "bare-cast"),
        ("cast(replace(quantity, ',', '') as bigint)", "bare-cast"),
        ("try_cast('1' as bigint)", "bare-cast"),
        ("strptime(day, '%d/%m/%Y')", "text-conversion"),
        ("try_strptime(day, '%d/%m/%Y')", "text-conversion"),
        ("to_date(day)", "text-conversion"),
        ("date(day)", "text-conversion"),
        ("exact_decimal(a) / 2", "division"),
        ("fdiv(exact_decimal(a), 2)", "division"),
        ("avg(exact_decimal(a))", "avg"),
        ("mean(exact_decimal(a))", "avg"),
        ("regexp_replace(a, 'x', 'y')", "regexp-replace-flag"),
        ("columns('a.*')", "columns-expression"),
        ("now()", "non-deterministic"),
        ("current_date", "non-deterministic"),
        ("current_timestamp", "non-deterministic"),
        ("random()", "non-deterministic"),
        ("uuid()", "non-deterministic"),
        ("today()", "non-deterministic"),
        ("version()", "non-deterministic"),
        ("nextval('s')", "non-deterministic"),
        ("a -> '$.b'", "json"),
        ("a ->> '$.b'", "json"),
        ("json_extract(a, '$.b')", "json"),
        ("to_json(a)", "json"),
        ("json_object('b', a)", "json"),
        ("json_group_array(a order by a)", "json"),
        ("any_value(a)", "order-dependent"),
        ("first(a)", "order-dependent"),
        ("arbitrary(a)", "order-dependent"),
        ("list(a)", "order-dependent"),
        ("string_agg(a, ',')", "order-dependent"),
        ("row_number() over (partition by a)", "order-dependent"),
        ("lag(a) over ()", "order-dependent"),
    ],
)
def test_an_expression_over_source_breaks_its_rule(expression: str, rule: str) -> None:
    assert rules_broken(f"select {expression} as x from source") == [rule]


@pytest.mark.parametrize(
    ("sql", "rule"),
    [
        ("select a from t pivot (sum(b) for c in (1, 2))", "pivot"),
        ("select a from t unpivot (v for n in (a, b))", "pivot"),
        ("select * from lines", "select-star"),
        ("select cast(a as json) as x from t", "json"),
        ("select l.* from lines as l join s using (x)", "select-star"),
        ("with s as (select a from t) select * exclude (a) from s", "select-star"),
        ("with s as (select a from t) select * from s join t using (a)", "select-star"),
        ("select a from 'lines.csv'", "reads-file"),
        ("select a from read_csv('lines.csv')", "reads-file"),
        ("select a from t limit 3", "order-dependent"),
        ("select a from t using sample 10", "non-deterministic"),
        ("select cast(a as double) as x from t", "inexact-double"),
        ("drop table t", "one-select"),
        ("select a from t; select b from t", "one-select"),
        ("select ( from", "one-select"),
    ],
)
def test_a_query_breaks_its_rule(sql: str, rule: str) -> None:
    assert rules_broken(sql) == [rule]


@pytest.mark.parametrize(
    "sql",
    [
        "select cast(sum(net_usd) as decimal(22, 12)) as net_usd from lines",
        "select cast(units as bigint) as units from lines",
        "select count(*) as n from lines",
        "select a.* from (select x from lines) as a",
        "with s as (select a from t) select s.* from s join t using (a)",
        "select x from unnest([1, 2]) as u(x)",
        "select x from range(3) as r(x)",
        "select a from t order by a limit 3",
        "select max(a) as a from t;\n-- the end\n",
        "select sum(a) over (partition by b) as a from t",
        "select rank() over (order by b) as a from t",
    ],
)
def test_what_is_exact_over_typed_tables_passes(sql: str) -> None:
    assert lint_sql(sql) == []


def test_a_ratio_divides_and_is_double() -> None:
    sql = "select cast(net_usd as double) / nullif(units, 0) as usd_per_unit from lines"
    assert rules_broken(sql) == ["division", "inexact-double"]
    assert rules_broken(sql, "usd_per_unit") == []


def test_a_ratio_excuses_only_its_own_column() -> None:
    sql = "select a / b as ratio, a / c as money_usd from lines"
    assert rules_broken(sql, "ratio") == ["division"]


def test_findings_name_the_line_and_show_the_place() -> None:
    sql = "select\n    a,\n    net_usd / 2 as half\nfrom lines"
    (finding,) = lint_sql(sql)
    assert finding.line == 3
    assert "`net_usd / 2`" in finding.message
    assert RULES["division"] in finding.message


def test_findings_come_in_the_order_of_the_file() -> None:
    findings = lint_sql("select now() as a,\n b / 2 as c,\n avg(d) as e\nfrom lines")
    assert [(f.line, f.rule) for f in findings] == [
        (1, "non-deterministic"), (2, "division"), (3, "avg"),
    ]  # fmt: skip
