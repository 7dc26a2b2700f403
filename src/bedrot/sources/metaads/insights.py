"""Insights: whose figures a file holds (its level), of one day or a life (its nature), and its rows."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from pathlib import Path

from bedrot.extract.streams import Note
from bedrot.sources.metaads import export, periods
from bedrot.sources.metaads.actions import ACTION_LISTS
from bedrot.sources.metaads.document_errors import MISSING_FIELD, rejected
from bedrot.sources.metaads.documents import (
    Document,
    distinct,
    field_notes,
    read_document,
    rounded_ids,
)
from bedrot.sources.metaads.fields import Row

LEVELS = ("ad", "adset", "campaign")
"""Deepest first."""

EXACT = ("spend",)
COUNTS = ("impressions", "clicks", "inline_link_clicks", "reach", "unique_clicks")
RATIOS = ("frequency", "ctr", "unique_ctr", "cpc", "cpm", "cpp", "cost_per_unique_click")
_USUAL = ("impressions", "clicks", "reach")
MISSING_IDS = "missing_ids"
MIXED_LEVELS = "mixed_levels"
ACCOUNT_LEVEL = "account_level"
BREAKDOWN = "breakdown"
RATIOS_DISAGREE = "ratios_disagree"
SEVERAL_ACCOUNTS = "several_accounts"
_KEPT_BYTES = 32 * 1024 * 1024

_NAMES = frozenset(f"{level}_name" for level in LEVELS)
_IDS = frozenset(f"{level}_id" for level in LEVELS)
_KNOWN = (
    _NAMES
    | _IDS
    | {*EXACT, *COUNTS, *RATIOS, *ACTION_LISTS}
    | {"date_start", "date_stop", "account_id", "account_name", "account_currency"}
    | {"objective", "start_time", "created_time", "updated_time", "attribution_setting"}
)
BREAKDOWNS = frozenset(
    {"age", "gender", "country", "region", "dma", "publisher_platform", "platform_position"}
    | {"device_platform", "impression_device", "product_id", "place_page_id", "user_segment_key"}
    | {"hourly_stats_aggregated_by_advertiser_time_zone", "frequency_value"}
    | {"hourly_stats_aggregated_by_audience_time_zone", "media_asset", "body_asset", "image_asset"}
    | {"title_asset", "video_asset", "link_url_asset", "call_to_action_asset", "ad_format_asset"}
    | {"description_asset", "comscore_market", "marketing_messages_btn_name"}
)

# What each ratio is the quotient of, and the factor before it.
_QUOTIENTS = (
    ("cpc", "spend", "clicks", 1),
    ("cpm", "spend", "impressions", 1000),
    ("cpp", "spend", "reach", 1000),
    ("ctr", "clicks", "impressions", 100),
    ("frequency", "impressions", "reach", 1),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Insights:
    """What one file tells: `rows` are all of one level and one nature.

    `level` is campaign, adset or ad; `nature` is daily or lifetime.
    """

    form: str
    level: str
    nature: str
    rows: Sequence[Row]
    first: date | None
    newest: date | None
    notes: tuple[Note, ...] = ()

    @property
    def layout(self) -> str:
        """The file in words: `campaign insights, daily, JSON array`."""
        return f"{self.level} insights, {self.nature}, {self.form}"

    def entity_id(self, row: Row) -> str:
        """The id of the campaign, ad set or ad that a row is about."""
        return row.needed_identifier(f"{self.level}_id")


def read_insights(path: Path, waived: frozenset[str]) -> Insights | None:
    """All figures of a file; None where it holds no row.

    Every table of insights asks for them: those of the last file of moderate size are kept.

    Raises:
        RejectedPayloadError: level or nature cannot be told, figures are split by a breakdown,
            or something in the file contradicts something else.
    """
    if path.stat().st_size > _KEPT_BYTES:
        return _read(path, waived)
    return _kept(path, hashlib.sha256(path.read_bytes()).digest(), waived)


@lru_cache(maxsize=1)
def _kept(path: Path, _content: bytes, waived: frozenset[str]) -> Insights | None:
    return _read(path, waived)


def _read(path: Path, waived: frozenset[str]) -> Insights | None:
    read = export.read_export if export.is_export(path) else read_document
    document = read(path, waived)
    if not document.rows:
        return None
    refuse_breakdowns(document.rows)
    _refuse_several_accounts(document.rows)
    level = _level(document)
    spans = [periods.span_of(row) for row in document.rows]
    nature = periods.nature_of(
        [(row.needed_identifier(f"{level}_id"), span) for row, span in _zip(document.rows, spans)],
        waived,
        are_whole=all(periods.is_whole(row, span) for row, span in _zip(document.rows, spans)),
    )
    rounded = rounded_ids((row.identifier(name) for row in document.rows for name in _IDS), waived)
    keyed = (
        ((row.needed_identifier(f"{level}_id"), str(span.start), str(span.stop)), row)
        for row, span in _zip(document.rows, spans)
    )
    rows, repeated = distinct(keyed, f"{level} and period")
    _refuse_missing(rows)
    if export.TOTALS_DISAGREE not in waived:
        export.compare_totals(document, rows)
    if RATIOS_DISAGREE not in waived:
        _refuse_disagreement(rows)
    usual = [*(f"{above}_id" for above in LEVELS[LEVELS.index(level) + 1 :]), *_USUAL]
    return Insights(
        form=document.form,
        level=level,
        nature=nature.name,
        rows=rows,
        first=min(span.start for span in spans),
        newest=max(span.stop for span in spans),
        notes=(
            *document.notes,
            *nature.notes,
            *rounded,
            *repeated,
            *field_notes(rows, _KNOWN | document.kept_out, usual),
        ),
    )


def refuse_breakdowns(rows: Sequence[Row]) -> None:
    """Refuse rows that are parts of an entity: adding or replacing them would both be wrong.

    Raises:
        RejectedPayloadError: with code `breakdown`.
    """
    found = sorted({key for row in rows for key in row.fields if key in BREAKDOWNS})
    if not found:
        return
    told = ", ".join(f"`{key}`" for key in found)
    msg = f"the figures are split by {told}, which is not read"
    raise rejected(msg, BREAKDOWN, seen=told, next_step="ask for the same without breakdowns")


def _zip(rows: Sequence[Row], spans: Sequence[periods.Span]) -> list[tuple[Row, periods.Span]]:
    return list(zip(rows, spans, strict=True))


def _level(document: Document) -> str:
    """The one level of all rows: the deepest id that they carry."""
    levels = {_row_level(row) for row in document.rows}
    if len(levels) > 1:
        told = " and ".join(sorted(level or "account" for level in levels))
        odd = next(row for row in document.rows if _row_level(row) != _row_level(document.rows[0]))
        msg = f"the rows are of several levels ({told}): they would count the same money twice"
        raise rejected(
            msg,
            MIXED_LEVELS,
            seen=f"{odd.place}: {odd.record[:160]}",
            next_step="ask for one level at a time, and import each answer",
        )
    level = levels.pop()
    if level is not None:
        return level
    msg = "the figures are totals of the whole account, which add nothing to those of its campaigns"
    raise rejected(msg, ACCOUNT_LEVEL, next_step="ask for `level=campaign`, `adset` or `ad`")


def _row_level(row: Row) -> str | None:
    for level in LEVELS:
        if row.text(f"{level}_id") is not None:
            return level
        if row.text(f"{level}_name") is not None:
            msg = (
                f"{row.place} names its {level} and has no `{level}_id`: names repeat, so nobody "
                "can tell whose figures these are"
            )
            raise rejected(
                msg,
                MISSING_IDS,
                seen=f"{row.place}: {row.record[:160]}",
                next_step="add the columns Campaign ID, Ad set ID and Ad ID, and export again",
            )
    return None


def _refuse_several_accounts(rows: Sequence[Row]) -> None:
    """Rows of one file are counted as one account's, and an ad account has one currency."""
    told = (
        ("ad accounts", SEVERAL_ACCOUNTS, {row.identifier("account_id") for row in rows}),
        ("names of ad accounts", SEVERAL_ACCOUNTS, {row.text("account_name") for row in rows}),
        (
            "currencies",
            export.SEVERAL_CURRENCIES,
            {(row.text("account_currency") or "").upper() for row in rows},
        ),
    )
    for named, code, values in told:
        found = sorted(value for value in values if value)
        if len(found) > 1:
            msg = f"the rows are of {len(found)} {named}"
            raise rejected(
                msg,
                code,
                seen=", ".join(found[:3])[:160],
                next_step="ask for one ad account at a time, and import each answer with "
                "`--account`",
            )


def _refuse_missing(rows: Sequence[Row]) -> None:
    """Spend has to be there: a file without it was asked for something else, or renamed it."""
    lacking = [row for row in rows if "spend" not in row.fields]
    if lacking:
        msg = f"{len(lacking)} of {len(rows)} row(s) have no `spend`"
        raise rejected(
            msg,
            MISSING_FIELD,
            seen=f"{lacking[0].place}: {lacking[0].record[:160]}",
            next_step="ask for the field `spend`; if Meta renamed it, tell us its new name",
        )


def _refuse_disagreement(rows: Sequence[Row]) -> None:
    """Compare what Meta worked out with the figures beside it.

    A swapped, re-scaled or half-overwritten column shows itself so. Spend and the ratio are rounded
    in their last places; nothing else may differ.
    """
    for row in rows:
        for ratio, numerator, denominator, factor in _QUOTIENTS:
            told, above, below = (
                _number(row.ratio(ratio)),
                _number(row.decimal(numerator)),
                _number(row.integer(denominator)),
            )
            if told is None or above is None or not below:
                continue
            slack = _last_place(above) if numerator == "spend" else Decimal(0)
            allowed = slack * factor / below + _last_place(told)
            if abs(told - above * factor / below) > allowed:
                msg = (
                    f"`{ratio}` of {row.place} is {told}, and `{numerator}` by `{denominator}` "
                    f"gives {above * factor / below:.6f}: one of the three is wrong"
                )
                raise rejected(msg, RATIOS_DISAGREE, seen=f"{row.place}: {row.record[:200]}")


def _last_place(value: Decimal) -> Decimal:
    """What one more in the last digit is worth: how far rounding may have moved a number."""
    return Decimal(1).scaleb(int(value.as_tuple().exponent))


def _number(value: str | None) -> Decimal | None:
    return None if value is None else Decimal(value)
