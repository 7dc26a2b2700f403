"""Level and nature of insights are read from their rows, and figures come out exactly."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bedrot.sources.metaads import (
    AD_INSIGHTS_DAILY,
    ADSET_INSIGHTS_LIFETIME,
    CAMPAIGN_INSIGHTS_DAILY,
    CAMPAIGN_INSIGHTS_LIFETIME,
    SOURCE,
)
from bedrot.sources.metaads.insight_tables import figures
from bedrot.sources.metaads.synthetic import Figures, dump, graph_page, insight_object

CAMPAIGN = "120200000000010075"
FIRST = date(2025, 3, 1)
DAYS = st.integers(0, 500).map(lambda n: FIRST + timedelta(days=n))
MONEY = st.decimals(0, 99999, places=2)
COUNTS = st.integers(0, 10**7)
DAILY = st.lists(
    st.builds(
        lambda day, **rest: Figures(start=day, stop=day, **rest),
        campaign_id=st.sampled_from([CAMPAIGN, "120200000000040075"]),
        day=DAYS,
        spend=MONEY,
        impressions=COUNTS,
        clicks=COUNTS,
        reach=COUNTS,
    ),
    min_size=1,
    max_size=12,
    unique_by=lambda row: (row.campaign_id, row.start),
)
READ = figures("campaign", "daily")


def _file(rows: list[Figures]) -> bytes:
    return dump([insight_object(row) for row in rows])


def _lives(day: Figures, *starts: date) -> list[Figures]:
    return [
        replace(day, campaign_id=f"12020000000000{n}075", start=start, stop=date(2025, 5, 27))
        for n, start in enumerate(starts)
    ]


@given(told=DAILY)
def test_any_days_come_out_as_they_went_in(told: list[Figures], rows: Any) -> None:
    found = rows(CAMPAIGN_INSIGHTS_DAILY, _file(told))
    assert [
        (r["campaign_id"], r["insight_date"], r["campaign_spend"], r["campaign_impressions"])
        for r in found
    ] == [(f.campaign_id, f.start, f.spend, f.impressions) for f in told]
    assert sum(r["campaign_clicks"] for r in found) == sum(f.clicks for f in told)


@given(told=DAILY, order=st.randoms(use_true_random=False))
def test_the_order_of_rows_and_keys_does_not_matter(
    told: list[Figures], order: Any, rows: Any
) -> None:
    objects = [insight_object(row) for row in told]
    order.shuffle(objects)
    mixed = [dict(order.sample(list(o.items()), len(o))) for o in objects]

    def without_place(content: bytes) -> list[str]:
        found = rows(CAMPAIGN_INSIGHTS_DAILY, content)
        return sorted(str(row | {"_row": 0}) for row in found)

    assert without_place(dump(mixed)) == without_place(_file(told))


def test_a_file_fills_the_table_of_its_level_and_nature_alone(day: Figures, rows: Any) -> None:
    content = _file([replace(day, adset_id="12", ad_id="13")])
    found = {s.name for s in SOURCE.streams if "_insights_" in s.name and rows(s, content)}
    assert found == {AD_INSIGHTS_DAILY.name}


def test_a_file_that_changed_under_its_name_is_read_anew(day: Figures, tell: Any) -> None:
    assert len(tell(_file([day])).rows) == 1
    assert tell(_file([replace(day, spend=Decimal("21.48"))])).rows[0].text("spend") == "21.48"


def test_rows_of_one_day_are_daily(day: Figures, tell: Any) -> None:
    told = tell(_file([replace(day, start=d, stop=d) for d in (FIRST, FIRST + timedelta(1))]))
    assert (told.level, told.nature) == ("campaign", "daily")


def test_rows_that_end_on_the_day_of_reading_are_lives(day: Figures, tell: Any) -> None:
    told = tell(_file(_lives(day, FIRST, date(2025, 5, 2), date(2025, 5, 27))))
    assert (told.level, told.nature) == ("campaign", "lifetime")


def test_a_reading_that_ran_past_midnight_is_one_reading(day: Figures, tell: Any) -> None:
    first, second = _lives(day, FIRST, date(2025, 5, 2))
    assert tell(_file([first, replace(second, stop=date(2025, 5, 28))])).nature == "lifetime"


def test_weeks_are_set_aside(day: Figures, code: Any) -> None:
    weeks = [
        replace(day, start=FIRST + timedelta(7 * n), stop=FIRST + timedelta(7 * n + 6))
        for n in range(3)
    ]
    assert code(READ, _file(weeks)) == "unknown_nature"


def test_ends_that_differ_are_set_aside(day: Figures, code: Any) -> None:
    first, second = _lives(day, FIRST, date(2025, 5, 2))
    assert code(READ, _file([first, replace(second, stop=date(2025, 6, 2))])) == "unknown_nature"


@pytest.mark.parametrize(
    "start", ["2025-04-28", "2025-05-21", "2025-05-01", "2025-04-01", "2025-01-01", "2025-02-27"]
)
def test_a_range_that_ads_manager_offers_may_be_no_life(
    start: str, day: Figures, code: Any, tell: Any
) -> None:
    content = _file(_lives(day, date.fromisoformat(start), date.fromisoformat(start)))
    assert code(READ, content) == "unknown_nature"
    assert tell(content, "unknown_nature").nature == "lifetime"


def test_any_other_range_of_all_rows_is_said_aloud(day: Figures, tell: Any) -> None:
    told = tell(_file(_lives(day, date(2025, 5, 23), date(2025, 5, 23))))
    assert (told.nature, [note.code for note in told.notes]) == ("lifetime", ["same_span"])


def test_a_period_that_ends_before_it_begins_is_set_aside(day: Figures, code: Any) -> None:
    assert code(READ, _file([replace(day, stop=FIRST)])) == "unreadable_value"


def test_levels_are_never_mixed(day: Figures, code: Any) -> None:
    assert code(READ, _file([day, replace(day, adset_id="12")])) == "mixed_levels"


def test_a_null_where_the_deepest_id_is_due_is_set_aside(day: Figures, code: Any) -> None:
    objects = [insight_object(replace(day, adset_id=str(n))) for n in (12, 13)]
    objects[1]["adset_id"] = None
    assert code(READ, dump(objects)) == "missing_ids"


def test_totals_of_the_account_are_set_aside(day: Figures, code: Any) -> None:
    fields = insight_object(replace(day, account_id="900000000000001"))
    del fields["campaign_id"], fields["campaign_name"]
    assert code(READ, dump([fields])) == "account_level"


@pytest.mark.parametrize("name", ["age", "publisher_platform", "country"])
def test_a_breakdown_is_set_aside(name: str, day: Figures, code: Any) -> None:
    assert code(READ, dump([insight_object(day) | {name: "x"}])) == "breakdown"


def test_two_accounts_in_one_file_are_set_aside(day: Figures, code: Any) -> None:
    pair = [replace(day, account_id="1"), replace(day, account_id="2", start=FIRST, stop=FIRST)]
    assert code(READ, _file(pair)) == "several_accounts"


def test_spend_has_to_be_there(day: Figures, code: Any) -> None:
    fields = insight_object(day)
    fields["spent"] = fields.pop("spend")
    assert code(READ, dump([fields])) == "missing_field"


@pytest.mark.parametrize("field", ["impressions", "clicks", "reach"])
def test_a_usual_figure_that_is_missing_is_unknown_and_said_aloud(
    field: str, day: Figures, rows: Any, tell: Any
) -> None:
    fields = insight_object(day)
    del fields[field]
    assert rows(CAMPAIGN_INSIGHTS_DAILY, dump([fields]))[0][f"campaign_{field}"] is None
    assert [note.code for note in tell(dump([fields])).notes] == ["fields_missing"]


def test_a_null_spend_stays_unknown_and_is_said_aloud(day: Figures, rows: Any, tell: Any) -> None:
    content = dump([insight_object(day) | {"spend": None}])
    assert rows(CAMPAIGN_INSIGHTS_DAILY, content)[0]["campaign_spend"] is None
    assert [note.code for note in tell(content).notes] == ["null_values"]


@pytest.mark.parametrize(
    "value", ["1.2E+03", "21,47", "$21.47", "NaN", True, [1], "1.1234567890123"]
)
def test_a_spend_that_is_no_exact_decimal_is_set_aside(
    value: object, day: Figures, code: Any
) -> None:
    assert code(READ, dump([insight_object(day) | {"spend": value}])) == "unreadable_value"


def test_a_number_as_json_number_never_becomes_a_float(day: Figures, rows: Any) -> None:
    fields = insight_object(replace(day, clicks=0, impressions=0, reach=0)) | {"spend": "S"}
    content = dump([fields]).replace(b'"S"', b"1234567890.100000000001")
    found = rows(CAMPAIGN_INSIGHTS_DAILY, content)[0]["campaign_spend"]
    assert found == Decimal("1234567890.100000000001")


def test_ratios_that_meta_left_out_are_unknown(day: Figures, rows: Any) -> None:
    [found] = rows(CAMPAIGN_INSIGHTS_DAILY, _file([replace(day, clicks=0)]))
    assert found["campaign_cpc"] is None
    assert found["campaign_ctr_pct"] == 0.0


@pytest.mark.parametrize(
    ("one", "other"), [("impressions", "clicks"), ("reach", "clicks"), ("impressions", "reach")]
)
def test_swapped_figures_contradict_their_ratios(
    one: str, other: str, day: Figures, code: Any, tell: Any
) -> None:
    fields = insight_object(day)
    fields[one], fields[other] = fields[other], fields[one]
    assert code(READ, dump([fields])) == "ratios_disagree"
    assert tell(dump([fields]), "ratios_disagree").level == "campaign"


def test_spend_in_cents_contradicts_its_ratios(day: Figures, code: Any) -> None:
    assert code(READ, dump([insight_object(day) | {"spend": "2147"}])) == "ratios_disagree"


def test_a_currency_without_cents_is_rounded_to_the_whole(day: Figures, tell: Any) -> None:
    fields = insight_object(day) | {"spend": "342", "cpc": "2.778049", "cpm": "34.599028"}
    assert tell(dump([fields])).nature == "daily"


def test_the_currency_is_the_files_or_unknown(day: Figures, rows: Any) -> None:
    [known] = rows(CAMPAIGN_INSIGHTS_DAILY, _file([replace(day, currency="EUR")]))
    [unknown] = rows(CAMPAIGN_INSIGHTS_DAILY, _file([day]))
    assert (known["currency_code"], unknown["currency_code"]) == ("EUR", None)


def test_a_row_that_stands_twice_counts_once(day: Figures, rows: Any, tell: Any) -> None:
    content = _file([day, day])
    assert len(rows(CAMPAIGN_INSIGHTS_DAILY, content)) == 1
    assert [note.code for note in tell(content).notes] == ["repeated_rows"]


def test_two_figures_of_one_day_are_set_aside(day: Figures, code: Any) -> None:
    assert code(READ, _file([day, replace(day, spend=Decimal(20))])) == "contradictory"


def test_a_page_that_names_a_next_one_says_so(day: Figures, tell: Any) -> None:
    content = graph_page([insight_object(day)], "insights", has_next=True)
    assert [note.code for note in tell(content).notes] == ["more_pages"]


def test_the_real_dumps_add_up(samples: Any, rows: Any) -> None:
    told = {
        "20250526_180701": (CAMPAIGN_INSIGHTS_LIFETIME, "campaign_spend", 13, "1873.84"),
        "meta_ads_dump_20250527_123754": (ADSET_INSIGHTS_LIFETIME, "adset_spend", 31, "1888.86"),
    }
    for folder, (stream, column, count, spend) in told.items():
        found = rows(stream, (samples / "metaads" / folder / "insights.json").read_bytes())
        assert (len(found), sum(row[column] for row in found)) == (count, Decimal(spend))
