"""Sales reports that were cut, or whose columns stand in each other's place."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest

from bedrot.errors import RejectedPayloadError
from bedrot.sources.toolost.synthetic import SALES_HEADERS, SalesLine, write_sales
from bedrot.zones.parts import Profile

Gate = Callable[[bytes], Profile]


def _report(*net: str) -> bytes:
    lines = [
        SalesLine(
            transaction_id=f"T{number}",
            sale_date=date(2025, 3, 2),
            accounting_date=date(2025, 4, 12),
            reporting_date=date(2025, 5, 6),
            units=7,
            gross=Decimal("9.50"),
            more={"payable_usd": amount},
        )
        for number, amount in enumerate(net)
    ]
    return write_sales(lines, headers=(*SALES_HEADERS, "payable_usd"))


def test_a_last_figure_with_fewer_decimals_is_cut(gate: Gate) -> None:
    with pytest.raises(RejectedPayloadError) as caught:
        gate(_report("1.25", "2.75", "3.5"))
    assert caught.value.code == "truncated"


def test_figures_of_any_scale_are_no_sign_of_a_cut(gate: Gate) -> None:
    assert gate(_report("1.25", "2.7", "3")).rows == 3


def test_a_net_above_gross_is_said(gate: Gate) -> None:
    rules = {rule.name: rule.severity for rule in gate(_report("1.25", "125.25")).rules}
    assert rules["net_above_gross"] == "warning"
