"""Meta's JSON documents: which one a file is, and its objects."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bedrot.errors import RejectedPayloadError
from bedrot.extract.streams import Note
from bedrot.sources.metaads.document_errors import (
    CONTRADICTORY,
    RESHAPED_ID,
    TOO_LARGE,
    TRUNCATED,
    UNREADABLE_JSON,
    UNREADABLE_RECORD,
    rejected,
)
from bedrot.sources.metaads.fields import Number, Row, as_rows, whole_text

CAMPAIGNS = "campaigns"
ADSETS = "adsets"
ADS = "ads"
INSIGHTS = "insights"
EMPTY = "empty"

MAX_BYTES = 200 * 1024 * 1024
_HEAD_BYTES = 64 * 1024
_SPREADSHEET_DIGITS = 15
"""How many digits of a number a spreadsheet keeps; it writes zeros for the others."""

_FIGURES = frozenset(
    {"spend", "impressions", "clicks", "reach", "cpc", "cpm", "cpp", "ctr", "frequency"}
)
_LEVEL_IDS = frozenset({"account_id", "campaign_id", "adset_id", "ad_id"})
_SET_FIELDS = frozenset(
    {"targeting", "optimization_goal", "billing_event", "bid_strategy", "daily_budget"}
    | {"lifetime_budget", "effective_status", "pacing_type", "promoted_object", "attribution_spec"}
)
_AD_FIELDS = frozenset({"creative", "tracking_specs", "effective_status", "campaign_id", "status"})
_CAMPAIGN_FIELDS = frozenset(
    {"objective", "buying_type", "special_ad_categories", "smart_promotion_type", "spend_cap"}
)
_KEY = re.compile(r'"([A-Za-z_][\w.]*)"\s*:')
_ROW_START = re.compile(r'\s*(?:\[\s*|\{\s*"data"\s*:\s*\[\s*)(?=\{)')
_ADDRESS = re.compile(
    r"graph\.facebook\.com\\?/(?:v[0-9.]+\\?/)?(?:act_)?[0-9]+\\?/(campaigns|adsets|ads|insights)\b"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """The objects of a file, how it is written, and what is odd about it.

    `totals` are the file's own sums of its rows. `kept_out` names fields of rows that nobody reads
    and a note names already: they stay in the rows, because they tell them apart.
    """

    form: str
    rows: Sequence[Row]
    notes: tuple[Note, ...] = ()
    totals: Sequence[Row] = ()
    kept_out: frozenset[str] = frozenset()


def kind_of_json(path: Path) -> str | None:
    """Which of Meta's JSON documents a file is, by the keys at its beginning; cut ones too."""
    with path.open("rb") as file:
        head = file.read(_HEAD_BYTES)
    text = _decoded(head).lstrip("\ufeff \t\r\n")
    if not text.startswith(("[", "{")):
        return None
    start = _ROW_START.match(text)
    if start is not None:
        kind = _kind_of_keys(*_first_keys(text, start.end()))
        if kind is not None:
            return kind
    if text.startswith("{") and '"fbtrace_id"' in text and '"error"' in text:
        return INSIGHTS
    address = _ADDRESS.search(text)
    return address[1] if address and text.startswith("{") else None


def read_document(path: Path, waived: frozenset[str]) -> Document:
    """All objects of a JSON array or of Graph API pages.

    Raises:
        RejectedPayloadError: the file is too large, was cut, is no JSON, holds an error
            in place of data, or consists of pages without rows.
    """
    value = _loaded(path)
    if isinstance(value, list):
        if value and all(_is_page(item) for item in value):
            rows = [r for n, page in enumerate(value) for r in _page_rows(page, f"[{n}].data")]
            return _of_pages("Graph API pages", rows, value[-1], waived)
        return Document(form="JSON array", rows=as_rows(value, ""))
    if _is_page(value):
        return _of_pages("Graph API page", _page_rows(value, "data"), value, waived)
    if isinstance(value, dict) and isinstance(value.get("error"), dict):
        raise _graph_error(value["error"])
    msg = "the file is neither a list of objects nor a page with `data`"
    raise rejected(msg, UNREADABLE_RECORD)


def distinct(rows: Iterable[tuple[Sequence[str], Row]], named: str) -> tuple[list[Row], list[Note]]:
    """Rows by key, each once: a page that overlaps another repeats some.

    Raises:
        RejectedPayloadError: two rows of one key differ.
    """
    found: dict[tuple[str, ...], Row] = {}
    repeated = 0
    for key, row in rows:
        first = found.setdefault(tuple(key), row)
        if first is row:
            continue
        if first.fields != row.fields:
            msg = f"{first.place} and {row.place} tell different things of one {named}"
            raise rejected(msg, CONTRADICTORY, seen=f"{row.place}: {row.record[:200]}")
        repeated += 1
    if not repeated:
        return list(found.values()), []
    told = f"{repeated} row(s) stand twice, word for word: each counts once"
    return list(found.values()), [Note(code="repeated_rows", text=told)]


def rounded_ids(ids: Iterable[str | None], waived: frozenset[str]) -> list[Note]:
    """Whether a spreadsheet rounded the ids of a file, although it wrote them without an exponent.

    A single id may end so by chance; where all do, they were rounded.

    Raises:
        RejectedPayloadError: with code `reshaped_id`.
    """
    long = {found for found in ids if found and len(found) > _SPREADSHEET_DIGITS}
    if not long or any(found[_SPREADSHEET_DIGITS:].strip("0") for found in long):
        return []
    shown = ", ".join(f"`{found}`" for found in sorted(long)[:3])
    if len(long) == 1:
        told = f"the only long id, {shown}, ends in zeros as one that a spreadsheet rounded does"
    else:
        told = f"all {len(long)} long ids end in zeros: a spreadsheet rounded them"
    if len(long) == 1 or RESHAPED_ID in waived:
        return [Note(code="rounded_id", text=told)]
    raise rejected(
        told,
        RESHAPED_ID,
        seen=shown,
        next_step="import the file as Meta gave it, not saved again by a spreadsheet; accept it "
        "if Ads Manager shows these ids",
    )


def field_notes(
    rows: Sequence[Row], known: frozenset[str], usual: Sequence[str] = ()
) -> list[Note]:
    """Fields that nobody reads, fields that say null or nothing, and usual ones that are missing."""
    unknown = sorted({key for row in rows for key in row.fields} - known)
    empty = Counter(
        key
        for row in rows
        for key, value in row.fields.items()
        if key in known and (value is None or value == "")
    )
    notes = []
    if unknown:
        notes.append(
            Note(code="fields_kept_out", text=whole_text(f"fields kept out: {', '.join(unknown)}"))
        )
    if empty:
        told = ", ".join(f"`{key}` in {count} row(s)" for key, count in sorted(empty.items()))
        text = f"null or empty, so unknown and never 0: {told}"
        notes.append(Note(code="null_values", text=text))
    missing = {name: sum(name not in row.fields for row in rows) for name in usual}
    if any(missing.values()):
        told = ", ".join(f"`{name}` in {count} row(s)" for name, count in missing.items() if count)
        text = f"not told, so unknown and never 0: {told}"
        notes.append(Note(code="fields_missing", text=text))
    return notes


def _first_keys(text: str, start: int) -> tuple[frozenset[str], bool]:
    """The keys of the first object; where it does not end in the head, all keys that are seen."""
    try:
        first, _ = json.JSONDecoder(parse_int=Number, parse_float=Number).raw_decode(text, start)
    except (ValueError, RecursionError):
        return frozenset(_KEY.findall(text, start)), False
    return frozenset(first), True


def _kind_of_keys(keys: frozenset[str], is_whole: bool) -> str | None:
    figures = keys & _FIGURES
    if {"date_start", "date_stop"} <= keys and keys & (_FIGURES | _LEVEL_IDS | {"actions"}):
        return INSIGHTS
    if "id" not in keys:
        return INSIGHTS if figures and (len(figures) > 1 or keys & _LEVEL_IDS) else None
    if "adset_id" in keys:
        return ADS if keys & _AD_FIELDS else None
    if "campaign_id" in keys:
        is_set = keys & _SET_FIELDS or {"status", "created_time"} <= keys
        # A cut object may be an ad whose ad set was still to come.
        return ADS if not is_whole and "creative" in keys else ADSETS if is_set else None
    return CAMPAIGNS if keys & _CAMPAIGN_FIELDS else None


def _loaded(path: Path) -> Any:  # noqa: ANN401 - any JSON value
    size = path.stat().st_size
    if size > MAX_BYTES:
        msg = f"the file has {size:,} bytes, which is more than {MAX_BYTES:,}"
        raise rejected(msg, TOO_LARGE, next_step="ask for a shorter time, and import file by file")
    text = _decoded(path.read_bytes()).removeprefix("\ufeff")
    try:
        return json.loads(
            text,
            parse_int=Number,
            parse_float=Number,
            parse_constant=Number,
            object_pairs_hook=_object,
        )
    except RecursionError:
        msg = "the JSON is nested far deeper than any of Meta's documents"
        raise rejected(msg, UNREADABLE_JSON) from None
    except json.JSONDecodeError as exc:
        raise _broken(text, exc) from exc


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        name = whole_text(Counter(key for key, _ in pairs).most_common(1)[0][0])
        msg = f"an object has the field `{name}` twice, so nobody can tell which one counts"
        raise rejected(msg, UNREADABLE_RECORD, seen=f"`{name}`")
    return found


def _broken(text: str, exc: json.JSONDecodeError) -> RejectedPayloadError:
    rest = text[exc.pos :].strip()
    is_open = exc.msg.startswith(("Unterminated", "Invalid \\escape", "Invalid \\uXXXX"))
    if len(rest) <= 6 or is_open:
        msg = "the file was cut off in the middle of its JSON"
        return rejected(msg, TRUNCATED, seen=f"it ends with `{text[-60:].strip()}`")
    msg = f"the file is no JSON from line {exc.lineno} on: {exc.msg.lower()}"
    return rejected(msg, UNREADABLE_JSON, seen=f"`{rest[:80]}`")


def _decoded(content: bytes) -> str:
    try:
        return content.decode(json.detect_encoding(content))
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


def _is_page(value: object) -> bool:
    return isinstance(value, dict) and isinstance(value.get("data"), list)


def _page_rows(page: Mapping[str, Any], place: str) -> list[Row]:
    return as_rows(page["data"], place)


def _of_pages(
    form: str, rows: Sequence[Row], last: Mapping[str, Any], waived: frozenset[str]
) -> Document:
    paging = last.get("paging")
    has_next = isinstance(paging, dict) and bool(paging.get("next"))
    if not rows and EMPTY not in waived:
        raise _empty(has_next=has_next)
    if not has_next:
        return Document(form=form, rows=rows)
    told = "the page names a next one: import that as well, or these are only a part"
    return Document(form=form, rows=rows, notes=(Note(code="more_pages", text=told),))


def _empty(*, has_next: bool) -> RejectedPayloadError:
    """A page without rows: Meta ends an answer with one, and may give one before the end."""
    if has_next:
        msg = "the page holds no rows and names a next one"
        return rejected(msg, EMPTY, next_step="import the page that `paging.next` names")
    msg = "the page holds no rows and names no next one: it is the last of its answer"
    step = (
        "nothing is to be done if other pages came before it; if it is the whole answer, Meta has "
        "nothing of what was asked for"
    )
    return rejected(msg, EMPTY, next_step=step)


def _graph_error(error: Mapping[str, Any]) -> RejectedPayloadError:
    code = str(error.get("code", "unknown"))
    told = whole_text(str(error.get("message", ""))[:160])
    msg = f"Meta answered with its error {code} in place of data: {told}"
    next_step = "mend what the message says, ask again, and import the answer"
    if code in {"190", "102"}:
        next_step = "the access token has ended: make a new one, ask again, and import the answer"
    return rejected(msg, "graph_error", seen=f"error {code}", next_step=next_step)
