"""The CSV export of Ads Manager, told in the names that the API has for the same things."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

from bedrot.errors import RejectedPayloadError
from bedrot.extract import delimited
from bedrot.extract.delimited import Layout
from bedrot.extract.streams import Note, header_key
from bedrot.sources.metaads.document_errors import MISSING_FIELD, TOO_LARGE, TRUNCATED, rejected
from bedrot.sources.metaads.documents import MAX_BYTES, Document
from bedrot.sources.metaads.fields import Row

TOTALS_DISAGREE = "totals_disagree"
SEVERAL_CURRENCIES = "several_currencies"
_HEAD_BYTES = 16 * 1024
_SIGNS = (b"amount spent", b"reporting starts")
_CURRENCY = re.compile(r"(.*\S) \(([A-Z]{3})\)")
_LEVEL_FIELDS = tuple(
    f"{level}_{part}" for level in ("campaign", "adset", "ad") for part in ("id", "name")
)
_FIGURES = (
    *("clicks", "inline_link_clicks", "reach", "unique_clicks", "frequency", "ctr", "unique_ctr"),
    *("cpc", "cpm", "cpp", "cost_per_unique_click"),
)
"""Figures that stand beside spend and impressions."""

# Headers of the English export, in small letters and without a currency, and the API's fields.
HEADERS = {
    "reporting starts": "date_start",
    "reporting ends": "date_stop",
    "day": "day",
    "campaign name": "campaign_name",
    "campaign id": "campaign_id",
    "ad set name": "adset_name",
    "ad set id": "adset_id",
    "ad name": "ad_name",
    "ad id": "ad_id",
    "account id": "account_id",
    "account name": "account_name",
    "currency": "account_currency",
    "amount spent": "spend",
    "impressions": "impressions",
    "reach": "reach",
    "frequency": "frequency",
    "clicks (all)": "clicks",
    "clicks": "clicks",
    "link clicks": "inline_link_clicks",
    "unique clicks (all)": "unique_clicks",
    "cpc (all)": "cpc",
    "ctr (all)": "ctr",
    "unique ctr (all)": "unique_ctr",
    "cpm (cost per 1,000 impressions)": "cpm",
    "cost per 1,000 people reached": "cpp",
    "cost per 1,000 accounts center accounts reached": "cpp",
    "cost per unique click (all)": "cost_per_unique_click",
    "attribution setting": "attribution_setting",
    "objective": "objective",
    "starts": "start_time",
    "date created": "created_time",
    "age": "age",
    "gender": "gender",
    "country": "country",
    "region": "region",
    "platform": "publisher_platform",
    "placement": "platform_position",
    "device platform": "device_platform",
    "impression device": "impression_device",
    "dma region": "dma",
    "product id": "product_id",
    "business locations": "place_page_id",
    "audience segments": "user_segment_key",
    "time of day (ad account time zone)": "hourly_stats_aggregated_by_advertiser_time_zone",
    "time of day (viewer's time zone)": "hourly_stats_aggregated_by_audience_time_zone",
    "time of day (viewer\u2019s time zone)": "hourly_stats_aggregated_by_audience_time_zone",
}


def is_export(path: Path) -> bool:
    """Whether a file is an export of Ads Manager in English, by its header."""
    with path.open("rb") as file:
        head = file.read(_HEAD_BYTES).replace(b"\0", b"").lower()
    if head.lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")[:1] in {b"[", b"{", b"<", b""}:
        return False
    if not any(sign in head for sign in _SIGNS):
        return False
    try:
        layout = delimited.read_layout(path, delimited.text_facts(path, limit=_HEAD_BYTES))
    except RejectedPayloadError:
        return False
    if layout is None:
        return False
    found = {HEADERS.get(_plain(header)[0]) for header in layout.header}
    return "spend" in found or {"date_start", "date_stop"} <= found


def read_export(path: Path, waived: frozenset[str]) -> Document:
    """The rows of an export, and its line of totals apart from them.

    Raises:
        RejectedPayloadError: it was cut, a record has other fields than the header, or money is in
            two currencies.
    """
    if path.stat().st_size > MAX_BYTES:
        msg = f"the file is larger than {MAX_BYTES:,} bytes"
        raise rejected(msg, TOO_LARGE, next_step="export a shorter time, and import file by file")
    facts = delimited.text_facts(path)
    layout = delimited.read_layout(path, facts)
    if layout is None:
        msg = "the file is no table: its first line is no header"
        raise rejected(msg, "not_a_table")
    if TRUNCATED not in waived:
        delimited.refuse_truncated(facts, path, layout)
    known, currency = _names(layout)
    # A field that the API has is never called so, nor are two columns called alike.
    names = [
        name or f"column {place}: {header}"
        for place, (header, name) in enumerate(zip(layout.header, known, strict=True), start=1)
    ]
    rows = _rows(path, layout, names, currency)
    notes: list[Note] = []
    unknown = sorted(h for h, name in zip(layout.header, known, strict=True) if name is None)
    if unknown:
        notes.append(Note(code="fields_kept_out", text=f"columns kept out: {', '.join(unknown)}"))
    # Where no column names a campaign, every line is the account's, and is judged as such.
    has_levels = not set(names).isdisjoint(_LEVEL_FIELDS)
    totals = [row for row in rows if has_levels and _is_total(row)]
    told = [row for row in rows if not (has_levels and _is_total(row))]
    delivered = [row for row in told if _is_delivered(row)]
    if len(delivered) < len(told):
        text = (
            f"{len(told) - len(delivered)} row(s) without delivery are left out, never taken for 0"
        )
        notes.append(Note(code="no_delivery", text=text))
    return Document(
        form="Ads Manager export",
        rows=delivered,
        notes=tuple(notes),
        totals=totals,
        kept_out=frozenset(names) - frozenset(HEADERS.values()),
    )


def compare_totals(document: Document, rows: Sequence[Row]) -> None:
    """Refuse an export whose own totals are not those of its rows, each counted once.

    It lacks some, or has parts of them that are equal in every column.

    Raises:
        RejectedPayloadError: with code `totals_disagree`.
    """
    for total in document.totals:
        _compare(total, rows)


def account_of(path: Path) -> str | None:
    """The one ad account that the rows of an export name."""
    try:
        if path.stat().st_size > MAX_BYTES or not is_export(path):
            return None
        layout = delimited.read_layout(path, delimited.text_facts(path))
    except RejectedPayloadError:
        return None
    names = [HEADERS.get(_plain(header)[0]) for header in layout.header] if layout else []
    if layout is None or "account_id" not in names:
        return None
    place = names.index("account_id")
    split = delimited.records(path, layout.encoding, quoted_by=layout.quoted_by)
    next(split, None)
    fields = (delimited.split_fields(record, layout) for record in split)
    found = {values[place].strip() for values in fields if len(values) == len(names)} - {""}
    return found.pop() if len(found) == 1 else None


def _plain(header: str) -> tuple[str, str | None]:
    """A header without the currency at its end, and that currency."""
    found = _CURRENCY.fullmatch(header.strip())
    return (header_key(found[1]), found[2]) if found else (header_key(header), None)


def _names(layout: Layout) -> tuple[list[str | None], str | None]:
    """The API's name for each column, and the currency that headers name."""
    plain = [_plain(header) for header in layout.header]
    names = [HEADERS.get(name) for name, _ in plain]
    known = [name for name in names if name is not None]
    doubled = sorted({name for name in known if known.count(name) > 1})
    if doubled:
        msg = f"several headers stand for `{doubled[0]}`"
        raise rejected(msg, "doubled_header", seen=f"header: {', '.join(layout.header)}")
    lacking = [name for name in ("spend",) if name not in known]
    if "day" not in known:
        lacking += [name for name in ("date_start", "date_stop") if name not in known]
    if lacking:
        told = ", ".join(f"`{name}`" for name in lacking)
        msg = f"the export has no column for {told}"
        raise rejected(
            msg,
            MISSING_FIELD,
            seen=f"header: {', '.join(layout.header)}",
            next_step="add the columns Amount spent, Reporting starts and Reporting ends, in English",
        )
    currencies = sorted({currency for _, currency in plain if currency})
    if len(currencies) > 1:
        msg = f"the headers name several currencies: {', '.join(currencies)}"
        raise rejected(msg, SEVERAL_CURRENCIES, seen=f"header: {', '.join(layout.header)}")
    return names, currencies[0] if currencies else None


def _rows(path: Path, layout: Layout, names: Sequence[str], currency: str | None) -> list[Row]:
    rows = []
    split = delimited.records(path, layout.encoding, quoted_by=layout.quoted_by)
    next(split, None)
    for number, record in enumerate(split, start=1):
        values = delimited.split_fields(record, layout)
        if len(values) != len(names):
            msg = f"record {number} has {len(values)} fields where the header has {len(names)}"
            raise rejected(msg, "misshapen_record", seen=f"`{record[:160]}`")
        told = {
            name: value.strip() for name, value in zip(names, values, strict=True) if value.strip()
        }
        row = Row(f"record {number}", _as_api(told, currency))
        _refuse_other_currency(row, currency)
        rows.append(row)
    return rows


def _refuse_other_currency(row: Row, currency: str | None) -> None:
    named = row.text("account_currency")
    if currency is None or named is None or named.upper() == currency:
        return
    msg = f"the headers name {currency}, and the currency of {row.place} is `{named[:40]}`"
    raise rejected(
        msg,
        SEVERAL_CURRENCIES,
        seen=f"{row.place}: {row.record[:160]}",
        next_step="export one ad account at a time, without changing its columns",
    )


def _as_api(told: dict[str, str], currency: str | None) -> dict[str, Any]:
    """The record as the API would tell it."""
    fields: dict[str, Any] = dict(told)
    day = fields.pop("day", None)
    if day is not None:
        fields["date_start"] = fields["date_stop"] = day
    if currency is not None:
        fields.setdefault("account_currency", currency)
    fields.setdefault("spend", None)
    return fields


def _is_delivered(row: Row) -> bool:
    """Whether any figure tells of a delivery; a spend that says 0 is told, and stays.

    An export need not have all columns: clicks tell of a delivery whose impressions nobody asked for.
    """
    if row.text("spend") or row.text("impressions"):
        return True
    return any((row.text(name) or "").strip("0.,") for name in _FIGURES)


def _is_total(row: Row) -> bool:
    """The line of totals names no campaign, ad set or ad."""
    return not any(row.text(name) for name in _LEVEL_FIELDS)


def _compare(total: Row, rows: Sequence[Row]) -> None:
    """Every row's spend is rounded by itself, so half a cent of each may be missing in the sum."""
    for name, slack in (("impressions", Decimal(0)), ("spend", Decimal("0.005"))):
        told = total.decimal(name)
        if told is None:
            continue
        found = sum((Decimal(row.decimal(name) or 0) for row in rows), Decimal(0))
        if abs(found - Decimal(told)) > slack * len(rows):
            msg = f"the export's own total of `{name}` is {told}, and its rows add up to {found}"
            raise rejected(
                msg,
                TOTALS_DISAGREE,
                seen=f"{total.place}: {total.record[:160]}",
                next_step="export again with all rows, and import the file untouched",
            )
