from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bedrot.core.money import plain

AMOUNTS = st.decimals(
    allow_nan=False, allow_infinity=False, places=12, min_value=-(10**10), max_value=10**10
)


@given(AMOUNTS)
def test_what_is_printed_is_the_value(amount: Decimal) -> None:
    assert Decimal(plain(amount)) == amount


@given(st.decimals(allow_nan=False, allow_infinity=False))
def test_no_decimal_at_all_is_printed_with_an_exponent(amount: Decimal) -> None:
    text = plain(amount)
    assert "e" not in text.lower()
    assert Decimal(text) == amount


@given(AMOUNTS)
def test_one_value_has_one_text(amount: Decimal) -> None:
    assert plain(amount) == plain(amount.normalize())


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        ("12.500000000000", "12.5"),
        ("100", "100"),
        ("1E+2", "100"),
        ("1E-12", "0.000000000001"),
        ("-0.00000000", "0"),
        ("0E-12", "0"),
        ("-0.50", "-0.5"),
        ("1200.00", "1200"),
    ],
)
def test_plain_notation(amount: str, text: str) -> None:
    assert plain(Decimal(amount)) == text
