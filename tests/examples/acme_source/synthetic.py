"""Acme's own format, written from plain values: fixtures are generated."""

from __future__ import annotations

import csv
import io
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
class SalesLine:
    """One line of a statement, as Acme prints it."""

    statement_date: str = "2025-06-30"
    period: str = "2025-05"
    shop: str = "Spotify"
    artist: str = "The Tin Almanac"
    track: str = "Said the Sea"
    isrc: str = "ZZBDR2500001"
    country: str = "DE"
    quantity: int = 1
    net: str = "0.003100"


def write_sales(lines: Iterable[SalesLine]) -> bytes:
    """A statement with these lines."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(_HEADER)
    writer.writerows(astuple(line) for line in lines)
    return text.getvalue().encode()
