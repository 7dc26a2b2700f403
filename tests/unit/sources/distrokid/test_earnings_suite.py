"""What holds for every stream, tried on an export of each layout."""

from datetime import date
from decimal import Decimal

from bedrot.sources.distrokid import EARNINGS
from bedrot.sources.distrokid.synthetic import LAYOUTS, EarningsLine, write_earnings
from bedrot.testing.source_suite import Example, source_suite

LINES = [
    EarningsLine(
        reporting_date=date(2025, month, 24),
        sale_month="2025-02",
        store=store,
        artist="The Tin Almanac",
        title=title,
        isrc="ZZBDR2500001",
        upc="400000000013",
        quantity=quantity,
        country=country,
        earnings=Decimal(earnings),
    )
    for month, store, title, quantity, country, earnings in [
        (4, "Spotify", "Said the Sea", 12, "NA", "0.03120000"),
        (5, "Spotify", "Größe", 5, "OU", "-0.00900000"),
        (5, "YouTube (Ads)", '"Hush"', 0, "XK", "0.00000004"),
    ]
]

TestEarnings = source_suite(
    EARNINGS,
    [
        Example(
            name=f"{layout.name}.{layout.extension}",
            content=write_earnings(LINES, layout),
            rows=3,
            amount=Decimal("0.02220004"),
            units=17,
        )
        for layout in LAYOUTS
    ],
)
