"""The test folder of the example source: the generated suite, and what is peculiar to Acme."""

from decimal import Decimal

from acme_source import SALES
from acme_source.synthetic import SalesLine, write_sales

from bedrot.testing.source_suite import Example, source_suite

LINES = [
    SalesLine(quantity=120, net="0.372000"),
    SalesLine(quantity=3, net="-0.009300"),
    SalesLine(country="NA", track='Hush, "Said" the Sea', quantity=0, net="0.000001"),
    SalesLine(statement_date="2025-05-31", period="2025-04", quantity=7, net="0.021700"),
]

TestSales = source_suite(
    SALES,
    [
        Example(
            name="two_statements_one_refund.csv",
            content=write_sales(LINES),
            rows=4,
            amount=Decimal("0.384401"),
            units=130,
        ),
    ],
)
