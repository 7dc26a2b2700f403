"""TooLost's own formats, written from plain values: fixtures are generated."""

from __future__ import annotations

import csv
import io
import json
import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Literal

Encoding = Literal["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"]
Days = Mapping[date, int | None]


@dataclass(frozen=True, kw_only=True, slots=True)
class Writing:
    """How a response is written down; by itself as the original's extractor kept it.

    `counts` says how figures are written: as the portal does (texts for Spotify and Shazam,
    numbers for Apple Music), or all one way. `seed` shuffles lists, and the names of objects.
    """

    counts: Literal["portal", "texts", "numbers"] = "portal"
    indent: int | None = 2
    encoding: Encoding = "utf-8"
    newline: Literal["\n", "\r\n"] = "\n"
    seed: int | None = None


AS_KEPT = Writing()


@dataclass(frozen=True, kw_only=True, slots=True)
class Month:
    """One month of Discovery Mode."""

    start: date
    streams: int | None
    fees: Decimal | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Track:
    """One recording in the list of an Apple Music response."""

    isrc: str | None
    title: str
    release: str
    streams: int | None
    cover: str = "https://covers.example/0001.jpg"


def spotify_response(
    days: Days, months: Iterable[Month] = (), writing: Writing = AS_KEPT, **more: object
) -> bytes:
    """What the portal answers for Spotify; `more` joins or replaces names at the top."""
    document: dict[str, Any] = {
        "streams": _days(days, writing, is_text=True),
        "discovery": [
            {
                "date": month.start.isoformat(),
                "streams": _count(month.streams, writing, is_text=True),
                "fees": None if month.fees is None else f"{month.fees:f}",
            }
            for month in months
        ],
    }
    return written(document | more, writing)


def apple_response(
    days: Days,
    *,
    tracks: Sequence[Track] | None = None,
    countries: Mapping[str, int | None] | None = None,
    shazams: Days | None = None,
    writing: Writing = AS_KEPT,
    **more: object,
) -> bytes:
    """What the portal answers for Apple Music; its totals agree unless a list is given otherwise.

    Without tracks and countries, there is one of each that has all streams. `more` joins or
    replaces names at the top.
    """
    total = sum(streams or 0 for streams in days.values())
    if tracks is None:
        tracks = [Track(isrc="ZZBDR2500001", title="Said the Sea", release="Tin", streams=total)]
    if countries is None:
        countries = {"NA": total}
    document: dict[str, Any] = {
        "totalStreams": _days(days, writing, is_text=False),
        "totalShazam": _days(shazams or {}, writing, is_text=True),
        "tracksTotal": [_track(track, writing) for track in tracks],
        "countryTotal": [
            {"country": country, "streams": _count(streams, writing, is_text=False)}
            for country, streams in countries.items()
        ],
        "streamTotal": _count(total, writing, is_text=False),
    }
    return written(document | more, writing)


def written(document: Mapping[str, Any], writing: Writing = AS_KEPT) -> bytes:
    """A document as JSON."""
    shown = document if writing.seed is None else _shuffled(document, random.Random(writing.seed))  # noqa: S311 - the same order every time
    text = json.dumps(shown, indent=writing.indent, ensure_ascii=False)
    codecs = {"utf-8-sig": "utf-8", "utf-16": "utf-16-le"}
    mark = "\ufeff" if writing.encoding in {"utf-8-sig", "utf-16"} else ""
    content = (mark + text).replace("\n", writing.newline)
    return content.encode(codecs.get(writing.encoding, writing.encoding))


def portal_page() -> bytes:
    """The page that stands in place of a response once the session is over."""
    return (
        b'<!DOCTYPE html>\n<html lang="en"><head><title>Too Lost</title></head>\n'
        b'<body><form action="https://toolost.com/login">'
        b'<input type="password" name="password"></form></body></html>\n'
    )


def _days(days: Days, writing: Writing, *, is_text: bool) -> list[dict[str, Any]]:
    return [
        {"date": day.isoformat(), "streams": _count(streams, writing, is_text=is_text)}
        for day, streams in days.items()
    ]


def _track(track: Track, writing: Writing) -> dict[str, Any]:
    return {
        "isrc": track.isrc,
        "streams": _count(track.streams, writing, is_text=False),
        "track": track.title,
        "release": track.release,
        "cover": track.cover,
    }


def _count(count: int | None, writing: Writing, *, is_text: bool) -> int | str | None:
    as_text = is_text if writing.counts == "portal" else writing.counts == "texts"
    return str(count) if as_text and count is not None else count


def _shuffled(value: Any, chance: random.Random) -> Any:  # noqa: ANN401 - any JSON value
    if isinstance(value, list):
        return chance.sample([_shuffled(item, chance) for item in value], len(value))
    if isinstance(value, Mapping):
        names = chance.sample(list(value), len(value))
        return {name: _shuffled(value[name], chance) for name in names}
    return value


@dataclass(frozen=True, kw_only=True, slots=True)
class SalesLine:
    """One line of the sales report: one split of one transaction.

    `gross` is what the store paid for all units, in `currency`. `more` holds what stands in
    further columns, by header.
    """

    transaction_id: str
    sale_date: date
    accounting_date: date
    reporting_date: date
    release_title: str = "Tin"
    release_id: str = "8801"
    track_title: str = "Said the Sea"
    track_id: str = "9901"
    channel: str = "Spotify"
    country: str = "US"
    isrc: str = "ZZBDR2500001"
    upc: str = "400000000013"
    units: int
    gross: Decimal
    currency: str = "USD"
    split_id: str = ""
    share: str = "100%"
    fee: str = "0%"
    more: Mapping[str, str] | None = None


SALES_HEADERS = (
    "transaction_id",
    "sale_date",
    "accounting_date",
    "reporting_date",
    "release_title",
    "release_id",
    "track_title",
    "track_id",
    "channel",
    "country",
    "isrc",
    "upc",
    "units",
    "unit_price",
    "original_currency",
    "split_id",
    "share",
    "rev_fee",
)
"""The columns that TooLost's help names; more follow, whose names it does not show."""

_FIELDS = {"unit_price": "gross", "original_currency": "currency", "rev_fee": "fee"}


def write_sales(
    lines: Iterable[SalesLine],
    *,
    headers: Sequence[str] = (*SALES_HEADERS, "payable_usd"),
    renamed: Mapping[str, str] | None = None,
    newline: Literal["\n", "\r\n"] = "\r\n",
    encoding: Literal["utf-8", "utf-8-sig", "cp1252", "utf-16"] = "utf-8",
) -> bytes:
    """Print lines as the monthly report.

    Args:
        lines: In the order in which they shall stand in the file.
        headers: The columns in their order; those that no line has are empty.
        renamed: Other names under which headers stand in the file.
        newline: How every record ends.
        encoding: UTF-8 may begin with its mark, UTF-16 does.
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator=newline)
    writer.writerow([(renamed or {}).get(header, header) for header in headers])
    for line in lines:
        writer.writerow([_field(line, header) for header in headers])
    return text.getvalue().encode(encoding)


def _field(line: SalesLine, header: str) -> str:
    if header not in SALES_HEADERS:
        return (line.more or {}).get(header, "")
    value = getattr(line, _FIELDS.get(header, header))
    return f"{value:f}" if isinstance(value, Decimal) else str(value)
