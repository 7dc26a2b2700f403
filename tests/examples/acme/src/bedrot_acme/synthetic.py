"""The format of Acme, written from plain values: fixtures are generated."""

from __future__ import annotations

import csv
import io
import sys
from collections.abc import Iterable
from dataclasses import astuple, dataclass

_HEADER = (
    "Statement Date",
    "Period",
    "Shop",
    "Artist",
    "Track",
    "ISRC",
    "Country",
    "Qty",
    "Net (USD)",
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Record:
    """One line of a statement, as Acme prints it."""

    statement_date: str = "2025-06-30"
    sale_month: str = "2025-05"
    store: str = "Spotify"
    artist: str = "The Tin Almanac"
    track: str = "Said the Sea"
    isrc: str = "ZZBDR2500001"
    country: str = "DE"
    quantity: int = 1
    net: str = "0.003100"


EXAMPLE = (
    Record(quantity=120, net="0.372000"),
    Record(quantity=3, net="-0.009300"),
    Record(country="NA", track='Hush, "Said" the Sea', quantity=0, net="0.000001"),
    Record(statement_date="2025-05-31", sale_month="2025-04", quantity=7, net="0.021700"),
)
"""Two statements: a sale, its refund, a title with quotes, and a line of the month before."""


def write_export(records: Iterable[Record]) -> bytes:
    """An export with these records."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(_HEADER)
    writer.writerows(astuple(record) for record in records)
    return text.getvalue().encode()


if __name__ == "__main__":
    sys.stdout.buffer.write(write_export(EXAMPLE))
