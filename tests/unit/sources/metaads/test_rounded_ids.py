"""Ids that a spreadsheet rounded to 15 digits are nobody's, with or without an exponent."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from bedrot.sources.metaads.insight_tables import figures
from bedrot.sources.metaads.objects import read_ads, read_adsets, read_campaigns, read_creatives
from bedrot.sources.metaads.synthetic import (
    Ad,
    Campaign,
    Figures,
    ad_object,
    campaign_object,
    dump,
    export_csv,
    insight_object,
)

READ = figures("campaign", "daily")
WHOLE = "120225391500540093"
ROUNDED = "120225391500540000"
OTHER = "120225391500541000"


def _campaigns(*ids: str) -> bytes:
    return dump([campaign_object(Campaign(id=one, name=one)) for one in ids])


def test_rounded_ids_of_an_export_are_set_aside(day: Figures, code: Any) -> None:
    days = [replace(day, campaign_id=one) for one in (ROUNDED, OTHER)]
    assert code(READ, export_csv(days, by_day=True)) == "reshaped_id"


def test_the_ids_of_all_levels_are_looked_at(day: Figures, code: Any) -> None:
    content = dump([insight_object(replace(day, campaign_id=ROUNDED, adset_id=OTHER))])
    assert code(figures("adset", "daily"), content) == "reshaped_id"


def test_rounded_ids_of_objects_are_set_aside(code: Any) -> None:
    assert code(read_campaigns, _campaigns(ROUNDED, OTHER)) == "reshaped_id"
    sets = [{"id": ROUNDED, "name": "a", "campaign_id": OTHER}]
    assert code(read_adsets, json.dumps(sets).encode()) == "reshaped_id"


@pytest.mark.parametrize("read", [read_ads, read_creatives])
def test_rounded_ids_of_ads_are_set_aside_for_all_that_read_them(read: Any, code: Any) -> None:
    ad = Ad(id=ROUNDED, name="a", campaign_id=OTHER, adset_id="12", creative_id="13")
    assert code(read, dump([ad_object(ad)])) == "reshaped_id"


def test_one_whole_id_shows_that_none_was_rounded(day: Figures, tell: Any, payload: Any) -> None:
    days = [replace(day, campaign_id=one) for one in (ROUNDED, OTHER, WHOLE)]
    assert tell(dump([insight_object(one) for one in days])).notes == ()
    payload.write_bytes(_campaigns(ROUNDED, OTHER, WHOLE))
    assert read_campaigns(payload, frozenset()).notes == ()


def test_a_single_id_may_end_so_and_is_said_aloud(day: Figures, tell: Any, payload: Any) -> None:
    told = tell(dump([insight_object(replace(day, campaign_id=ROUNDED))]))
    assert [note.code for note in told.notes] == ["rounded_id"]
    payload.write_bytes(_campaigns(ROUNDED, "120225391500540"))
    assert [note.code for note in read_campaigns(payload, frozenset()).notes] == ["rounded_id"]


@pytest.mark.parametrize("short", ["120000000000000", "120225391500540", "10"])
def test_an_id_of_15_digits_was_never_rounded(short: str, day: Figures, tell: Any) -> None:
    assert tell(dump([insight_object(replace(day, campaign_id=short))])).notes == ()


def test_a_person_who_knows_better_accepts_them(day: Figures, tell: Any, payload: Any) -> None:
    days = [replace(day, campaign_id=one) for one in (ROUNDED, OTHER)]
    told = tell(dump([insight_object(one) for one in days]), "reshaped_id")
    assert [note.code for note in told.notes] == ["rounded_id"]
    payload.write_bytes(_campaigns(ROUNDED, OTHER))
    assert len(read_campaigns(payload, frozenset({"reshaped_id"})).records) == 2
