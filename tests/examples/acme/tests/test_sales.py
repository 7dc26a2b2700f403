"""The suite that every stream has to pass; what is peculiar to Acme goes beside it."""

from decimal import Decimal

from bedrot.testing.source_suite import Example, source_suite

from bedrot_acme import SALES
from bedrot_acme.synthetic import EXAMPLE, write_export

TestSales = source_suite(
    SALES,
    [
        Example(
            name="two_statements_one_refund.csv",
            content=write_export(EXAMPLE),
            rows=4,
            amount=Decimal("0.384401"),
            units=130,
        ),
    ],
)
