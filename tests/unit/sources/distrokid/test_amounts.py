"""Amounts that a tool rounded, and columns that stand in each other's place."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import pytest

from bedrot.errors import RejectedPayloadError
from bedrot.sources.distrokid.synthetic import CURRENT, LEGACY, EarningsLine, write_earnings
from bedrot.zones.parts import Profile

Gate = Callable[[bytes], Profile]


def _broken(profile: Profile, severity: str) -> list[str]:
    return [rule.name for rule in profile.rules if rule.severity == severity]


@pytest.mark.parametrize("shown", [b"0.03", b"0", b"3", b"0.0312"])
def test_rounded_amounts_are_set_aside(gate: Gate, line: EarningsLine, shown: bytes) -> None:
    content = write_earnings([line, line], LEGACY).replace(b"0.03120000", shown)
    with pytest.raises(RejectedPayloadError) as caught:
        gate(content)
    assert caught.value.code == "rounded_amounts"
    assert caught.value.next_step


def test_an_amount_that_cannot_be_read_is_said_to_be_so(gate: Gate, line: EarningsLine) -> None:
    content = write_earnings([line], LEGACY).replace(b"0.03120000", b"0,0312")
    with pytest.raises(RejectedPayloadError, match="not a"):
        gate(content)


def test_a_line_break_in_every_record_hides_no_decimals(gate: Gate, line: EarningsLine) -> None:
    profile = gate(write_earnings([replace(line, title="Said\nthe Sea")] * 3, CURRENT))
    assert profile.rows == 3


def test_a_share_above_all_sets_the_file_aside(gate: Gate, line: EarningsLine) -> None:
    profile = gate(write_earnings([replace(line, team_percentage=Decimal(397))], LEGACY))
    assert "split_out_of_range" in _broken(profile, "error")


def test_a_share_that_may_be_a_part_of_one_is_said(gate: Gate, line: EarningsLine) -> None:
    profile = gate(write_earnings([replace(line, team_percentage=Decimal("0.5"))], LEGACY))
    assert _broken(profile, "warning") == ["split_of_one_percent"]


def test_royalties_withheld_below_zero_set_the_file_aside(gate: Gate, line: EarningsLine) -> None:
    profile = gate(write_earnings([replace(line, withheld=Decimal(-1))], LEGACY))
    assert _broken(profile, "error") == ["withheld_below_zero"]
