from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from bedrot.errors import UnknownNameError
from bedrot.pipeline.comparing import differences, history, restatements
from bedrot.testing.lakes import throwaway_lake
from bedrot.zones.lake import Lake


@pytest.fixture
def lake(tmp_path: Path) -> Iterator[Lake]:
    with throwaway_lake(tmp_path / "lake") as lake:
        yield lake


@pytest.mark.parametrize("table", ["rpt_revenue_monthly", "nope"])
def test_before_the_first_release_nothing_can_be_compared(lake: Lake, table: str) -> None:
    for ask in (history, restatements):
        with pytest.raises(UnknownNameError):
            ask(lake, table)
    with pytest.raises(UnknownNameError, match="nothing has been published yet"):
        differences(lake, table, before="1")


def test_a_change_of_money_counts_unknown_as_nothing() -> None:
    from bedrot.pipeline.comparing import MoneyChange

    told = MoneyChange(column="recoup_usd", before=None, after=Decimal("0.10"))
    assert told.delta == Decimal("0.1")
