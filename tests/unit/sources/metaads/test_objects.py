"""Campaigns, ad sets, ads and creatives come out as the API lists them."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bedrot.sources.metaads import (
    AD_OBJECTS,
    ADSET_OBJECTS,
    CAMPAIGN_OBJECTS,
    CREATIVE_OBJECTS,
)
from bedrot.sources.metaads.objects import read_ads, read_adsets, read_campaigns, read_creatives
from bedrot.sources.metaads.synthetic import (
    Ad,
    AdSet,
    Campaign,
    ad_object,
    adset_object,
    campaign_object,
    dump,
    graph_page,
)

CAMPAIGN = Campaign(id="120200000000010075", name="Said the Sea - Streaming", daily_budget=1250)
ADSET = AdSet(id="120200000000020075", name="Tier 1", campaign_id=CAMPAIGN.id)
AD = Ad(
    id="120200000000030075",
    name="Cut 1",
    campaign_id=CAMPAIGN.id,
    adset_id=ADSET.id,
    creative_id="2500000000000071",
)
# Several long ids that end in zeros are ids that a spreadsheet rounded, and refused.
IDS = st.integers(1, 10**18).filter(lambda number: number % 10).map(str)
MOMENTS = st.integers(1, 4_102_444_800).map(lambda seconds: datetime.fromtimestamp(seconds, UTC))
CAMPAIGNS = st.lists(
    st.builds(
        Campaign,
        id=IDS,
        name=st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1),
        daily_budget=st.none() | st.integers(0, 10**9),
        created=MOMENTS,
    ),
    min_size=1,
    max_size=8,
    unique_by=lambda campaign: campaign.id,
)


@given(campaigns=CAMPAIGNS)
def test_any_campaigns_come_out_as_they_went_in(campaigns: list[Campaign], rows: Any) -> None:
    found = rows(CAMPAIGN_OBJECTS, dump([campaign_object(c) for c in campaigns]))
    assert [
        (r["campaign_id"], r["campaign_name"], r["daily_budget_minor"], r["created_at"])
        for r in found
    ] == [(c.id, c.name, c.daily_budget, c.created) for c in campaigns]


@given(campaigns=CAMPAIGNS, order=st.randoms(use_true_random=False))
def test_the_order_of_rows_and_keys_does_not_matter(
    campaigns: list[Campaign], order: Any, rows: Any
) -> None:
    objects = [campaign_object(c) for c in campaigns]
    expected = rows(CAMPAIGN_OBJECTS, dump(objects))
    order.shuffle(objects)
    mixed = [dict(order.sample(list(o.items()), len(o))) for o in objects]
    found = rows(CAMPAIGN_OBJECTS, dump(mixed))
    key = "campaign_id"
    for row in (*expected, *found):
        row.pop("_row")
    assert sorted(found, key=lambda r: str(r[key])) == sorted(expected, key=lambda r: str(r[key]))


def test_budgets_are_whole_minor_units(rows: Any) -> None:
    [found] = rows(ADSET_OBJECTS, dump([adset_object(ADSET)]))
    assert (found["daily_budget_minor"], found["lifetime_budget_minor"]) == (500, 0)


def test_a_budget_that_is_the_campaigns_is_unknown_and_not_0(rows: Any) -> None:
    other = AdSet(id="12", name="B", campaign_id="13", daily_budget=None)
    [found] = rows(ADSET_OBJECTS, dump([adset_object(other)]))
    assert found["daily_budget_minor"] is None


def test_targeting_is_kept_whole_and_in_a_fixed_order(rows: Any) -> None:
    [one] = rows(ADSET_OBJECTS, dump([adset_object(ADSET)]))
    turned = AdSet(
        id=ADSET.id, name="Tier 1", campaign_id=CAMPAIGN.id, countries=("US", "DE", "NA")
    )
    [two] = rows(ADSET_OBJECTS, dump([adset_object(turned)]))
    assert one == two
    assert one["target_countries"] == "DE,NA,US"
    assert json.loads(one["targeting_json"])["age_min"] == 18


def test_times_are_utc(rows: Any) -> None:
    [found] = rows(CAMPAIGN_OBJECTS, dump([campaign_object(CAMPAIGN)]))
    assert found["created_at"] == datetime(2025, 1, 20, 17, 0, tzinfo=UTC)


@pytest.mark.parametrize("never", ["1969-12-31T16:00:00-0800", "0", ""])
def test_metas_never_is_no_time(never: str, rows: Any) -> None:
    content = dump([campaign_object(CAMPAIGN) | {"stop_time": never}])
    assert rows(CAMPAIGN_OBJECTS, content)[0]["stop_at"] is None


def test_an_ad_names_its_creative_pixel_and_post(rows: Any) -> None:
    [found] = rows(AD_OBJECTS, dump([ad_object(AD)]))
    told = (found["creative_id"], found["pixel_ids"], found["post_ids"])
    assert told == ("2500000000000071", "700000000000001", "800000000000001")


def test_a_creative_of_two_ads_is_one_row(rows: Any) -> None:
    ads = [ad_object(AD), ad_object(AD) | {"id": "99", "creative": {"id": AD.creative_id}}]
    ads[0]["creative"]["body"] = "Out now"
    [found] = rows(CREATIVE_OBJECTS, dump(ads))
    assert (found["creative_id"], found["body"]) == (AD.creative_id, "Out now")


def test_two_tellings_of_one_creative_are_set_aside(code: Any) -> None:
    ads = [ad_object(AD), ad_object(AD) | {"id": "99"}]
    ads[0]["creative"] = {"id": "5", "body": "Out now"}
    ads[1]["creative"] = {"id": "5", "body": "Out soon"}
    assert code(read_creatives, dump(ads)) == "contradictory"


def test_a_page_and_a_dump_give_the_same_rows(rows: Any) -> None:
    objects = [ad_object(AD), ad_object(AD) | {"id": "99"}]
    assert rows(AD_OBJECTS, graph_page(objects, "ads")) == rows(AD_OBJECTS, dump(objects))


@pytest.mark.parametrize("value", ["1.20225E+17", "1,20225E+17", 1.5e17])
def test_an_id_with_an_exponent_sets_the_file_aside(value: object, code: Any) -> None:
    text = dump([adset_object(ADSET)]).decode()
    content = text.replace(f'"{CAMPAIGN.id}"', json.dumps(value).replace("1.5e+17", "1.5e17"))
    assert code(read_adsets, content.encode()) == "reshaped_id"


def test_an_id_as_a_number_keeps_its_digits(rows: Any) -> None:
    content = dump([campaign_object(CAMPAIGN)]).replace(
        b'"120200000000010075"', b"120200000000010075"
    )
    assert rows(CAMPAIGN_OBJECTS, content)[0]["campaign_id"] == "120200000000010075"


@pytest.mark.parametrize("field", ["name", "status", "daily_budget", "objective"])
def test_a_null_stays_unknown_and_is_said_aloud(field: str, payload: Any) -> None:
    payload.write_bytes(dump([campaign_object(CAMPAIGN) | {field: None}]))
    parsed = read_campaigns(payload, frozenset())
    assert [note.code for note in parsed.notes] == ["null_values"]
    assert f"`{field}`" in parsed.notes[0].text


def test_a_null_id_sets_the_file_aside(code: Any) -> None:
    assert code(read_ads, dump([ad_object(AD) | {"id": None}])) == "missing_field"


def test_a_repeated_object_counts_once_and_a_contradiction_not_at_all(rows: Any, code: Any) -> None:
    one = campaign_object(CAMPAIGN)
    assert len(rows(CAMPAIGN_OBJECTS, dump([one, one]))) == 1
    assert code(read_campaigns, dump([one, one | {"status": "PAUSED"}])) == "contradictory"


def test_a_field_that_nobody_reads_is_named(payload: Any) -> None:
    payload.write_bytes(dump([campaign_object(CAMPAIGN) | {"topline_id": "0"}]))
    assert "topline_id" in read_campaigns(payload, frozenset()).notes[0].text


@pytest.mark.parametrize("value", ["5.00", "1e3", "0x10", "1,000", [], {}])
def test_a_budget_that_is_no_whole_number_sets_the_file_aside(value: object, code: Any) -> None:
    content = dump([campaign_object(CAMPAIGN) | {"daily_budget": value}])
    assert code(read_campaigns, content) == "unreadable_value"


def test_half_a_character_in_a_name_is_marked(rows: Any) -> None:
    content = dump([campaign_object(CAMPAIGN)]).replace(b"Said", b"Said\\ud83d")
    [found] = rows(CAMPAIGN_OBJECTS, content)
    assert found["campaign_name"] == "Said\ufffd the Sea - Streaming"
