"""Money as text: exact and in plain notation."""

from __future__ import annotations

from decimal import Decimal


def plain(value: Decimal) -> str:
    """The exact value without exponent and without trailing zeros: `1587.06001527`, `0`, `-0.5`.

    A negative zero is printed as `0`: no amount is below zero by its sign alone.
    """
    if value == 0:
        return "0"
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text
