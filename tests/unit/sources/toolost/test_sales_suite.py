"""What holds for every stream, tried on sales reports written in several ways."""

from datetime import date
from decimal import Decimal

from bedrot.sources.toolost import SALES
from bedrot.sources.toolost.synthetic import SALES_HEADERS, SalesLine, write_sales
from bedrot.testing.source_suite import Example, source_suite

LINES = [
    SalesLine(
        transaction_id=transaction,
        split_id=split,
        sale_date=date(2025, 3, 31),
        accounting_date=date(2025, 4, 20),
        reporting_date=date(2025, month, 5),
        track_title='Größe, "Hush"',
        units=units,
        gross=Decimal(gross),
        share="50%",
        country="NA",
        more={"payable_usd": payable},
    )
    for transaction, split, month, units, gross, payable in [
        ("T1", "S1", 5, 10, "0.0400", "0.0200"),
        ("T1", "S2", 5, 10, "0.0400", "0.0200"),
        ("T2", "", 6, 3, "0.0120", "0.0120"),
    ]
]
WRITTEN = {
    "05-2025-1.csv": write_sales(LINES),
    "05-2025-2.csv": write_sales(LINES, newline="\n", encoding="utf-8-sig"),
    "05-2025-3.csv": write_sales(LINES, encoding="cp1252"),
    "05-2025-4.csv": write_sales(LINES, headers=("payable_usd", *reversed(SALES_HEADERS))),
    "05-2025-5.csv": write_sales(LINES, encoding="utf-16"),
}

TestSales = source_suite(
    SALES,
    [
        Example(name=name, content=content, rows=3, amount=Decimal("0.0520"), units=23)
        for name, content in WRITTEN.items()
    ],
)
