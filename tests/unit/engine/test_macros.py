"""The house macros: all of a text matches, or it is refused."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

Ask = Callable[..., Any]

DECIMAL_FORM = re.compile(r"-?[0-9]{1,10}(\.[0-9]{1,12})?")
INTEGER_FORM = re.compile(r"-?[0-9]{1,18}")

# Texts near to numbers and dates, where a lenient reader would give way.
ODD_TEXTS = st.text(alphabet="0123456789-+.,eE_x \u0661\u2212\n:/TZ", max_size=24) | st.text()
DECIMALS = st.builds(
    lambda sign, whole, fraction: f"{sign}{whole}{'.' + fraction if fraction else ''}",
    st.sampled_from(["", "-"]),
    st.text(alphabet="0123456789", min_size=1, max_size=10),
    st.text(alphabet="0123456789", max_size=12),
)


@given(text=DECIMALS)
def test_exact_decimal_round_trips_any_decimal_that_fits(ask: Ask, text: str) -> None:
    assert ask("exact_decimal($1)", text) == Decimal(text)
    assert ask("is_exact_decimal($1)", text) is True


@given(text=ODD_TEXTS.filter(lambda text: text and not DECIMAL_FORM.fullmatch(text)))
def test_exact_decimal_raises_for_everything_else(ask: Ask, text: str) -> None:
    with pytest.raises(duckdb.Error, match="not an exact decimal"):
        ask("exact_decimal($1)", text)
    assert ask("is_exact_decimal($1)", text) is False


@given(number=st.integers(min_value=-(10**18) + 1, max_value=10**18 - 1))
def test_exact_integer_round_trips_up_to_eighteen_digits(ask: Ask, number: int) -> None:
    assert ask("exact_integer($1)", str(number)) == number


@given(text=ODD_TEXTS.filter(lambda text: text and not INTEGER_FORM.fullmatch(text)))
def test_exact_integer_raises_for_everything_else(ask: Ask, text: str) -> None:
    with pytest.raises(duckdb.Error, match="not an exact integer"):
        ask("exact_integer($1)", text)
    assert ask("is_exact_integer($1)", text) is False


@given(day=st.dates())
def test_iso_date_round_trips_any_day(ask: Ask, day: dt.date) -> None:
    assert ask("iso_date($1)", day.isoformat()) == day
    assert ask("is_iso_date($1)", day.isoformat()) is True


@given(day=st.dates())
def test_iso_month_keeps_the_text(ask: Ask, day: dt.date) -> None:
    month = day.isoformat()[:7]
    assert ask("iso_month($1)", month) == month


@pytest.mark.parametrize(
    "text",
    [
        "12.5", "1e3", "0x10", " 1", "1 ", "1_000", "+1", "1" * 19, "-", "\u0661", "1\n",
    ],
)  # fmt: skip
def test_what_a_bare_cast_would_take_is_no_integer(ask: Ask, text: str) -> None:
    with pytest.raises(duckdb.Error, match="not an exact integer"):
        ask("exact_integer($1)", text)


@pytest.mark.parametrize(
    "text",
    ["0.1234567890123", "12345678901", "1.", ".5", "1,5", "1e-5", "NaN", "inf", "1.5\r", "--1"],
)
def test_what_a_bare_cast_would_round_or_take_is_no_decimal(ask: Ask, text: str) -> None:
    with pytest.raises(duckdb.Error, match="not an exact decimal"):
        ask("exact_decimal($1)", text)


@pytest.mark.parametrize(
    "text",
    ["2023-02-29", "2024-13-01", "2024-1-5", "20240105", "2024-01-05 00:00", "0000-01-01", "today"],
)
def test_what_is_no_calendar_day_is_no_date(ask: Ask, text: str) -> None:
    assert ask("is_iso_date($1)", text) is False
    with pytest.raises(duckdb.Error, match="not a date as YYYY-MM-DD"):
        ask("iso_date($1)", text)


@pytest.mark.parametrize(
    "text", ["2024-00", "2024-13", "2024-1", "Jan-24", "2024-01-01", "0000-01"]
)
def test_what_is_no_month_is_refused(ask: Ask, text: str) -> None:
    assert ask("is_iso_month($1)", text) is False
    with pytest.raises(duckdb.Error, match="not a month as YYYY-MM"):
        ask("iso_month($1)", text)


@pytest.mark.parametrize("text", ["", None])
@pytest.mark.parametrize("form", ["exact_integer", "exact_decimal", "iso_date", "iso_month"])
def test_unknown_is_null_and_of_no_form(ask: Ask, form: str, text: str | None) -> None:
    assert ask(f"{form}($1)", text) is None
    assert ask(f"is_{form}($1)", text) is False


def test_converters_give_the_types_that_contracts_name(ask: Ask) -> None:
    assert ask("typeof(exact_integer('1'))") == "BIGINT"
    assert ask("typeof(exact_decimal('1'))") == "DECIMAL(22,12)"
    assert ask("typeof(iso_date('2024-01-01'))") == "DATE"
    assert ask("typeof(iso_month('2024-01'))") == "VARCHAR"


def test_one_bad_row_among_good_ones_raises(con: duckdb.DuckDBPyConnection) -> None:
    con.execute("create or replace temp table texts as select range::varchar as t from range(5000)")
    con.execute("update texts set t = '4e3' where t = '4000'")
    with pytest.raises(duckdb.Error, match="`4e3`"):
        con.execute("select sum(exact_decimal(t)) from texts").fetchall()


def test_converters_work_on_expressions(ask: Ask) -> None:
    assert ask("exact_decimal(clean_text(' 1.50 '))") == Decimal("1.5")


@pytest.mark.parametrize(
    ("text", "cleaned"), [(" a b\t", "a b"), ("\u00a0x\r\n", "x"), ("   ", None), ("", None)]
)
def test_clean_text_trims_and_knows_empty(ask: Ask, text: str, cleaned: str | None) -> None:
    assert ask("clean_text($1)", text) == cleaned


@pytest.mark.parametrize(
    ("text", "isrc"),
    [("us-abc-24-00001", "USABC2400001"), ("US ABC 24 00001", "USABC2400001"), ("- ", None)],
)
def test_normal_isrc_is_upper_case_without_separators(
    ask: Ask, text: str, isrc: str | None
) -> None:
    assert ask("normal_isrc($1)", text) == isrc


def test_alias_key_ignores_case_and_runs_of_white_space(ask: Ask) -> None:
    assert ask("alias_key($1)", " Apple\t  Music\u00a0\u00a0(X) ") == "apple music (x)"


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("190000000017", "00190000000017"),
        ("0190000000017", "00190000000017"),
        ("1-90000-00001 7", "00190000000017"),
        ("12345678", "00000012345678"),
        ("1.9E+11", None),
        ("1234567", None),
        ("", None),
        (None, None),
    ],
)
def test_a_barcode_has_one_key_whatever_zeros_lead_it(
    ask: Ask, text: str | None, key: str | None
) -> None:
    assert ask("upc_key($1)", text) == key
