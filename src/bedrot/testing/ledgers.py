"""Small royalty ledgers: lines with sensible defaults, and exports of them under a stamped name."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from bedrot.sources.distrokid.synthetic import LEGACY, EarningsLine, Layout, write_earnings

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Export:
    """A file as somebody downloaded it: its name, its bytes, and the account that it is of."""

    name: str
    content: bytes
    account_id: str | None = None


def line(  # noqa: PLR0913 - one argument a column, all but the amount with a default
    net: str = "1.00000000",
    *,
    on: str = "2025-03-20",
    sold: str | None = None,
    store: str = "Spotify",
    artist: str = "Ada",
    title: str = "First Light",
    song: int = 1,
    country: str = "US",
    units: int = 10,
) -> EarningsLine:
    """One royalty line; `sold` is the month before `on` unless it is said, `song` numbers ISRCs."""
    day = date.fromisoformat(on)
    return EarningsLine(
        reporting_date=day,
        sale_month=sold or _month_before(day),
        store=store,
        artist=artist,
        title=title,
        isrc=f"QZABC25{song:05d}",
        upc=f"{190000000000 + song}",
        quantity=units,
        country=country,
        earnings=Decimal(net),
    )


def _month_before(day: date) -> str:
    months = day.year * 12 + day.month - 2
    return f"{months // 12}-{months % 12 + 1:02d}"


def export(
    lines: Iterable[EarningsLine],
    stamp: str | None,
    *,
    layout: Layout = LEGACY,
    account_id: str | None = None,
) -> Export:
    """Lines as a file whose name says when it was downloaded (`20250401` is noon UTC of that day).

    Without a stamp the name says nothing.
    """
    when = stamp if stamp is None or "_" in stamp else f"{stamp}_120000"
    name = f"bank_details_{when}.{layout.extension}" if when else f"export.{layout.extension}"
    return Export(name=name, content=write_earnings(lines, layout), account_id=account_id)


def read_legacy(path: Path) -> list[EarningsLine]:
    """The lines of a file in the 13-column layout, as they can be written again."""
    _, *records = path.read_bytes().decode("utf-8").rstrip("\r").split("\r")
    return [_parsed(record.split("\t")) for record in records]


def _parsed(fields: list[str]) -> EarningsLine:
    return EarningsLine(
        reporting_date=date.fromisoformat(fields[0]),
        sale_month=fields[1],
        store=fields[2],
        artist=fields[3],
        title=fields[4],
        isrc=fields[5],
        upc=fields[6],
        quantity=int(fields[7]),
        team_percentage=Decimal(fields[8]),
        source_type=fields[9],
        country=fields[10],
        withheld=Decimal(fields[11]),
        earnings=Decimal(fields[12]),
    )


def net_of(lines: Iterable[EarningsLine]) -> Decimal:
    """The exact sum of the lines' earnings."""
    return sum((one.earnings for one in lines), Decimal(0))
