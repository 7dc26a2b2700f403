"""Campaigns, ad sets, ads and creatives: what Meta's objects were at the time of a capture."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from bedrot.extract.parsed import Parsed
from bedrot.extract.streams import Note, Recognition, Stream
from bedrot.sources.metaads import documents
from bedrot.sources.metaads.document_errors import CONTRADICTORY, rejected
from bedrot.sources.metaads.documents import (
    Document,
    distinct,
    field_notes,
    kind_of_json,
    rounded_ids,
)
from bedrot.sources.metaads.fields import Row, written

Columns = Mapping[str, str | None]

_IDS = ("id", "campaign_id", "adset_id")

_TITLES = {
    documents.CAMPAIGNS: "campaigns",
    documents.ADSETS: "ad sets",
    documents.ADS: "ads",
}
_COMMON = frozenset(
    {"id", "name", "status", "effective_status", "configured_status", "account_id"}
    | {"created_time", "updated_time"}
)
_USUAL = ("name", "status")
_BUDGETS = frozenset({"daily_budget", "lifetime_budget", "bid_strategy"})
# What changes with every reading, or lies in a table of its own, is left without a word.
_PASSED_OVER = frozenset({"budget_remaining", "budget_rebalance_flag", "insights", "adlabels"})
_CAMPAIGN_FIELDS = (
    _COMMON
    | _BUDGETS
    | _PASSED_OVER
    | {"objective", "buying_type", "spend_cap", "start_time", "stop_time"}
)
_SET_FIELDS = (
    _COMMON
    | _BUDGETS
    | _PASSED_OVER
    | {"campaign_id", "optimization_goal", "billing_event", "bid_amount", "pacing_type"}
    | {"targeting", "destination_type", "start_time", "end_time", "campaign"}
)
_AD_FIELDS = (
    _COMMON
    | _PASSED_OVER
    | {"adset_id", "campaign_id", "creative", "tracking_specs", "conversion_specs"}
    | {"campaign", "adset"}
)
_CREATIVE_TEXTS = {
    "creative_name": "name",
    "creative_status": "status",
    "headline": "title",
    "body": "body",
    "object_type": "object_type",
    "object_story_id": "object_story_id",
    "effective_object_story_id": "effective_object_story_id",
    "call_to_action_type": "call_to_action_type",
    "link_url": "link_url",
    "instagram_permalink_url": "instagram_permalink_url",
}


def recognise_objects(path: Path, stream: Stream) -> Recognition | None:
    """A listing of campaigns, ad sets or ads, whole or cut, by its keys."""
    kind = kind_of_json(path)
    if kind is None or kind != stream.captured_as:
        return None
    return Recognition(stream=stream.name, sign=f"Meta's {_TITLES[kind]} as JSON")


def read_campaigns(path: Path, waived: frozenset[str]) -> Parsed:
    """One row per campaign.

    Raises:
        RejectedPayloadError: The document cannot be read, contradicts itself, or has rounded ids.
    """
    return _parsed(_read(path, waived), documents.CAMPAIGNS, _CAMPAIGN_FIELDS, _campaign)


def read_adsets(path: Path, waived: frozenset[str]) -> Parsed:
    """One row per ad set.

    Raises:
        RejectedPayloadError: As for campaigns.
    """
    return _parsed(_read(path, waived), documents.ADSETS, _SET_FIELDS, _adset)


def read_ads(path: Path, waived: frozenset[str]) -> Parsed:
    """One row per ad.

    Raises:
        RejectedPayloadError: As for campaigns.
    """
    return _parsed(_read(path, waived), documents.ADS, _AD_FIELDS, _ad)


def read_creatives(path: Path, waived: frozenset[str]) -> Parsed:
    """One row per creative that the ads name, with what they tell of it.

    Raises:
        RejectedPayloadError: As for campaigns; two ads tell different things of one creative.
    """
    document = _read(path, waived)
    told: dict[str, dict[str, str | None]] = {}
    origin: dict[str, Row] = {}
    for row in document.rows:
        creative = row.inner("creative")
        if creative is None:
            continue
        columns = _creative(creative)
        creative_id = str(columns["creative_id"])
        _join(told.setdefault(creative_id, dict(columns)), columns, creative)
        origin.setdefault(creative_id, creative)
    return _laid_out(document, documents.ADS, list(told.values()), list(origin.values()))


def _read(path: Path, waived: frozenset[str]) -> Document:
    """The document, with what is odd about the ids of its objects."""
    document = documents.read_document(path, waived)
    rounded = rounded_ids((row.identifier(name) for row in document.rows for name in _IDS), waived)
    return dataclasses.replace(document, notes=(*document.notes, *rounded))


def _parsed(
    document: Document,
    kind: str,
    known: frozenset[str],
    columns_of: Callable[[Row], Columns],
) -> Parsed:
    rows, notes = distinct(
        (((row.needed_identifier("id"),), row) for row in document.rows), "object"
    )
    notes = [*notes, *field_notes(rows, known, _USUAL)]
    return _laid_out(document, kind, [columns_of(row) for row in rows], rows, notes)


def _laid_out(
    document: Document,
    kind: str,
    told: Sequence[Columns],
    rows: Sequence[Row],
    notes: Sequence[Note] = (),
) -> Parsed:
    names = list(told[0]) if told else []
    return Parsed(
        layout=f"{kind}, {document.form}",
        columns={name: [columns[name] for columns in told] for name in names},
        places=[row.place for row in rows],
        records=[row.record for row in rows],
        head=f"Meta Ads, {_TITLES[kind]}, {document.form}, {len(document.rows)} objects",
        notes=(*document.notes, *notes),
    )


def _common(row: Row, named: str) -> dict[str, str | None]:
    return {
        f"{named}_id": row.needed_identifier("id"),
        f"{named}_name": row.text("name"),
        "status": row.text("status") or row.text("configured_status"),
        "effective_status": row.text("effective_status"),
        "ad_account_id": row.identifier("account_id"),
        "created_at": row.moment("created_time"),
        "updated_at": row.moment("updated_time"),
    }


def _budgets(row: Row) -> dict[str, str | None]:
    return {
        "daily_budget_minor": row.integer("daily_budget"),
        "lifetime_budget_minor": row.integer("lifetime_budget"),
        "bid_strategy": row.text("bid_strategy"),
    }


def _campaign(row: Row) -> Columns:
    return {
        **_common(row, "campaign"),
        **_budgets(row),
        "objective": row.text("objective"),
        "buying_type": row.text("buying_type"),
        "spend_cap_minor": row.integer("spend_cap"),
        "start_at": row.moment("start_time"),
        "stop_at": row.moment("stop_time"),
    }


def _adset(row: Row) -> Columns:
    targeting = row.inner("targeting") or Row(f"{row.place}.targeting", {})
    places = targeting.inner("geo_locations") or Row(f"{targeting.place}.geo_locations", {})
    return {
        **_common(row, "adset"),
        **_budgets(row),
        "campaign_id": row.identifier("campaign_id"),
        "optimization_goal": row.text("optimization_goal"),
        "billing_event": row.text("billing_event"),
        "bid_amount_minor": row.integer("bid_amount"),
        "pacing_types": _listed(row.items("pacing_type")),
        "destination_type": row.text("destination_type"),
        "target_countries": _listed(places.items("countries")),
        "target_age_min": targeting.integer("age_min"),
        "target_age_max": targeting.integer("age_max"),
        "target_platforms": _listed(targeting.items("publisher_platforms")),
        "targeting_json": row.json("targeting"),
        "start_at": row.moment("start_time"),
        "stop_at": row.moment("end_time"),
    }


def _ad(row: Row) -> Columns:
    creative = row.inner("creative")
    specs = row.rows("tracking_specs")
    return {
        **_common(row, "ad"),
        "campaign_id": row.identifier("campaign_id"),
        "adset_id": row.identifier("adset_id"),
        "creative_id": None if creative is None else _creative_id(creative),
        "pixel_ids": _listed([item for spec in specs for item in spec.items("fb_pixel")]),
        "post_ids": _listed([item for spec in specs for item in spec.items("post")]),
        "tracking_specs_json": row.json("tracking_specs"),
    }


def _creative(row: Row) -> dict[str, str | None]:
    texts = {name: row.text(key) for name, key in _CREATIVE_TEXTS.items()}
    return {"creative_id": _creative_id(row), **texts}


def _creative_id(row: Row) -> str:
    # Listings of ads name the creative by `id`; answers about one ad by `creative_id`.
    return row.identifier("creative_id") or row.needed_identifier("id")


def _join(told: dict[str, str | None], columns: Columns, row: Row) -> None:
    """Add what another ad tells of the same creative."""
    for name, value in columns.items():
        if told[name] is None:
            told[name] = value
        elif value is not None and value != told[name]:
            msg = f"two ads tell different things of the creative `{told['creative_id']}`: `{name}`"
            raise rejected(msg, CONTRADICTORY, seen=f"{row.place}: {row.record[:200]}")


def _listed(values: Sequence[object]) -> str | None:
    """Texts of a list in alphabetical order, each once: the order of Meta's lists says nothing."""
    texts = {value if isinstance(value, str) else written(value) for value in values}
    return ",".join(sorted(map(str, texts))) or None
