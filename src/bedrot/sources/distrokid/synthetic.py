"""DistroKid's own earnings format, written from plain values: fixtures are generated."""

import itertools
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

Newline = Literal["\r", "\n", "\r\n", "mixed"]
Encoding = Literal["utf-8", "utf-8-sig", "cp1252", "latin-1", "utf-16", "utf-16-le", "utf-16-be"]

# What stands before the first character. UTF-16 is never written without its mark: nothing in
# the bytes would say which half of a unit comes first.
_MARKS: dict[str, bytes] = {
    "utf-8-sig": b"\xef\xbb\xbf",
    "utf-16": b"\xff\xfe",
    "utf-16-le": b"\xff\xfe",
    "utf-16-be": b"\xfe\xff",
}
_CODECS = {"utf-8-sig": "utf-8", "utf-16": "utf-16-le"}


@dataclass(frozen=True, kw_only=True, slots=True)
class EarningsLine:
    """One royalty line, as the platform means it.

    `sale_month` is `YYYY-MM`, `earnings` the amount after the split, `quantity` the line's own
    units (positive on deductions too). Without `date_inserted` the reporting date is printed.
    The 13-column layout has no place for `date_inserted` and `recoup` and leaves them out.
    """

    date_inserted: date | None = None
    reporting_date: date
    sale_month: str
    store: str
    artist: str
    title: str
    isrc: str
    upc: str
    quantity: int = 1
    team_percentage: Decimal = Decimal(100)
    source_type: str = "Song"
    country: str = "US"
    withheld: Decimal = Decimal(0)
    recoup: Decimal | None = None
    earnings: Decimal


@dataclass(frozen=True, kw_only=True, slots=True)
class Layout:
    """One way in which DistroKid prints the same lines; every record ends in `newline`."""

    name: str
    headers: tuple[str, ...]
    delimiter: str
    is_quoted: bool
    newline: Literal["\r", "\n", "\r\n"]
    decimals: int
    extension: str


_LEGACY_HEADERS = (
    "Reporting Date",
    "Sale Month",
    "Store",
    "Artist",
    "Title",
    "ISRC",
    "UPC",
    "Quantity",
    "Team Percentage",
    "Song/Album",
    "Country of Sale",
    "Songwriter Royalties Withheld",
    "Earnings (USD)",
)
_CURRENT_HEADERS = (
    "Date Inserted",
    *_LEGACY_HEADERS[:9],
    "Source Type",
    "Country of Sale",
    "Songwriter Royalties Withheld (USD)",
    "Earnings (USD)",
    "Recoup (USD)",
)
_HYBRID_HEADERS = tuple("Song/Album" if h == "Source Type" else h for h in _CURRENT_HEADERS)

LEGACY = Layout(
    name="legacy",
    headers=_LEGACY_HEADERS,
    delimiter="\t",
    is_quoted=False,
    newline="\r",
    decimals=8,
    extension="tsv",
)
CURRENT = Layout(
    name="current",
    headers=_CURRENT_HEADERS,
    delimiter=",",
    is_quoted=True,
    newline="\r\n",
    decimals=12,
    extension="csv",
)
HYBRID = Layout(
    name="hybrid",
    headers=_HYBRID_HEADERS,
    delimiter="\t",
    is_quoted=False,
    newline="\r",
    decimals=12,
    extension="tsv",
)
HYBRID_QUOTED_TSV = Layout(
    name="hybrid_quoted_tsv",
    headers=_CURRENT_HEADERS,
    delimiter="\t",
    is_quoted=True,
    newline="\r\n",
    decimals=12,
    extension="tsv",
)
LAYOUTS = (LEGACY, CURRENT, HYBRID, HYBRID_QUOTED_TSV)


def write_earnings(
    lines: Iterable[EarningsLine],
    layout: Layout,
    *,
    encoding: Encoding = "utf-8",
    newline: Newline | None = None,
    bom: bool = False,
) -> bytes:
    """Print lines as an export.

    Args:
        lines: In the order in which they shall stand in the file.
        layout: Columns, delimiter, quoting, decimals and line end.
        encoding: UTF-16 in any form starts with its byte order mark.
        newline: Instead of the layout's; `mixed` takes CR, LF and CRLF in turn.
        bom: Put a byte order mark before UTF-8.

    Raises:
        ValueError: A value cannot be printed in this layout without being changed.
        UnicodeEncodeError: The encoding has no such character.
    """
    ends = itertools.cycle(
        ("\r", "\n", "\r\n") if newline == "mixed" else (newline or layout.newline,)
    )
    text = "".join(record + end for record, end in zip(_records(lines, layout), ends, strict=False))
    return _mark(encoding, bom=bom) + text.encode(_CODECS.get(encoding, encoding))


def amount_text(amount: Decimal, decimals: int) -> str:
    """Print in plain notation with exactly so many decimals.

    Raises:
        ValueError: The amount has digits beyond them.
    """
    text = f"{amount:.{decimals}f}"
    if Decimal(text) != amount:
        msg = f"amount `{amount}` does not fit {decimals} decimals"
        raise ValueError(msg)
    return text


def sign_in_page() -> bytes:
    """The kind of page that a browser saves under an export's name once the session is over."""
    return _SIGN_IN_PAGE.encode()


def _mark(encoding: Encoding, *, bom: bool) -> bytes:
    if bom and encoding == "utf-8":
        return _MARKS["utf-8-sig"]
    if bom and encoding not in _MARKS:
        msg = f"`{encoding}` has no byte order mark"
        raise ValueError(msg)
    return _MARKS.get(encoding, b"")


def _records(lines: Iterable[EarningsLine], layout: Layout) -> Iterator[str]:
    fields = [_FIELDS[header] for header in layout.headers]
    join = _quoted if layout.is_quoted else _plain
    yield join(list(layout.headers), layout)
    for line in lines:
        yield join([field(line, layout) for field in fields], layout)


def _quoted(values: list[str], layout: Layout) -> str:
    return layout.delimiter.join('"' + value.replace('"', '""') + '"' for value in values)


def _plain(values: list[str], layout: Layout) -> str:
    record = layout.delimiter.join(values)
    has_stray_delimiter = record.count(layout.delimiter) != len(values) - 1
    if has_stray_delimiter or "\r" in record or "\n" in record:
        msg = f"layout `{layout.name}` cannot print a delimiter or a line break: {values}"
        raise ValueError(msg)
    return record


_FIELDS: dict[str, Callable[[EarningsLine, Layout], str]] = {
    "Date Inserted": lambda line, _: (line.date_inserted or line.reporting_date).isoformat(),
    "Reporting Date": lambda line, _: line.reporting_date.isoformat(),
    "Sale Month": lambda line, _: line.sale_month,
    "Store": lambda line, _: line.store,
    "Artist": lambda line, _: line.artist,
    "Title": lambda line, _: line.title,
    "ISRC": lambda line, _: line.isrc,
    "UPC": lambda line, _: line.upc,
    "Quantity": lambda line, _: str(line.quantity),
    "Team Percentage": lambda line, _: f"{line.team_percentage:f}",
    "Song/Album": lambda line, _: line.source_type,
    "Source Type": lambda line, _: line.source_type,
    "Country of Sale": lambda line, _: line.country,
    "Songwriter Royalties Withheld": lambda line, _: f"{line.withheld:f}",
    "Songwriter Royalties Withheld (USD)": lambda line, _: f"{line.withheld:f}",
    "Earnings (USD)": lambda line, layout: amount_text(line.earnings, layout.decimals),
    "Recoup (USD)": lambda line, layout: (
        "" if line.recoup is None else amount_text(line.recoup, layout.decimals)
    ),
}

_SIGN_IN_PAGE = """\
<!DOCTYPE html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <title>Sign in</title>
</head>
<body>
  <h1>DistroKid</h1>
  <p>Sign in to see your earnings.</p>
  <form method="post" action="/signin/?forward=/bank/details">
    <label>E-mail <input type="email" name="email"></label>
    <label>Password <input type="password" name="password"></label>
    <button type="submit">Sign in</button>
  </form>
</body>
</html>
"""
