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


@pytest.mark.parametrize("before", [("1.25", "2.75"), ("1.2E-05",)])
def test_a_figure_with_an_exponent_is_unreadable_and_no_sign_of_a_cut(
    before: tuple[str, ...], gate: Gate
) -> None:
    for amounts in ((*before, "1.5E-05"), ("1.2E-05", *before[1:], "1.20")):
        with pytest.raises(RejectedPayloadError) as caught:
            gate(_report(*amounts))
        assert caught.value.code == "unreadable_value"
        assert "payable_usd" in str(caught.value)


@pytest.mark.parametrize("blank", [b"\r\n", b"\n\n", b"  \r\n"])
def test_blank_lines_before_the_header_are_passed_over(blank: bytes, gate: Gate) -> None:
    assert gate(blank + _report("1.25", "2.75")).rows == 2


@pytest.mark.parametrize("empty", [b",", b" ,"])
def test_records_without_any_value_are_passed_over(empty: bytes, gate: Gate) -> None:
    report = _report("1.25", "2.75")
    record = empty * report.splitlines()[0].count(b",") + b"\r\n"
    told, whole = gate(report + record * 3), gate(report)
    assert (told.rows, told.rules) == (2, whole.rules)


def test_a_cut_figure_before_records_without_any_value_is_seen(gate: Gate) -> None:
    report = _report("1.25", "2.75", "3.5")
    with pytest.raises(RejectedPayloadError) as caught:
        gate(report + b"," * report.splitlines()[0].count(b",") + b"\r\n")
    assert caught.value.code == "truncated"


def test_a_record_with_one_value_is_no_empty_one(gate: Gate) -> None:
    report = _report("1.25", "2.75")
    total = b"," * report.splitlines()[0].count(b",") + b"4.00\r\n"
    assert {rule.severity for rule in gate(report + total).rules} >= {"error"}


def test_a_net_above_gross_is_said(gate: Gate) -> None:
    rules = {rule.name: rule.severity for rule in gate(_report("1.25", "125.25")).rules}
    assert rules["net_above_gross"] == "warning"
