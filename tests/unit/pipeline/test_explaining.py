from __future__ import annotations

from decimal import Decimal

import pytest

from bedrot.pipeline.explaining import Level, Total

SAME = Total(column="net_usd", cell=Decimal("1.50"), total=Decimal("1.5"))
OTHER = Total(column="net_usd", cell=Decimal("1.5"), total=Decimal("1.500000000001"))


@pytest.mark.parametrize(
    ("totals", "is_reproduced", "adds_up"),
    [
        ((SAME,), True, True),
        ((SAME,), False, False),
        # A table may hold the sum of some of its facts only: what its SQL gives decides.
        ((OTHER,), True, True),
        # Of a table that another definition made only the sums can be compared.
        ((SAME,), None, True),
        ((SAME, OTHER), None, False),
    ],
)
def test_rows_add_up_if_their_sql_gives_the_row_again(
    totals: tuple[Total, ...], is_reproduced: bool | None, adds_up: bool
) -> None:
    level = Level(table="facts", rows=2, totals=totals, is_reproduced=is_reproduced)
    assert level.adds_up is adds_up
