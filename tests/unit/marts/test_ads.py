"""Days and lives of campaigns, ad sets and ads: each level in its own columns."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

Made = Callable[..., list[dict[str, Any]]]
Row = dict[str, Any]

LEVELS = ["campaign", "adset", "ad"]


def at(day: int) -> datetime:
    return datetime(2025, 5, day, 12, tzinfo=UTC)


def a_day(level: str = "campaign", **other: Any) -> Row:
    return {
        "account_id": "main",
        f"{level}_id": "7",
        "insight_date": date(2025, 5, 20),
        "insight_year": "2025",
        f"{level}_spend": Decimal("4.37"),
        f"{level}_impressions": 900,
        "is_provisional": False,
        "_file_id": "f1",
        "_row": 1,
        **other,
    }


def a_life(level: str, day: int, spend: str, impressions: int = 0, **other: Any) -> Row:
    return {
        "account_id": "main",
        f"{level}_id": "7",
        "snapshot_at": at(day),
        "period_start": date(2025, 1, 20),
        "period_stop": date(2025, 5, day),
        f"{level}_spend": Decimal(spend),
        f"{level}_impressions": impressions,
        "_file_id": f"f{day}",
        "_row": 1,
        **other,
    }


def a_listing(kind: str, name: str, day: int, **other: Any) -> Row:
    return {
        "account_id": "main",
        f"{kind}_id": "7",
        f"{kind}_name": name,
        "status": "ACTIVE",
        "valid_from": at(day),
        "_file_id": f"l{day}",
        "_row": 1,
        **other,
    }


def changes(made: Made, level: str, *lives: Row) -> list[Row]:
    table = f"fct_{level}_lifetime_change"
    return made(table, **{f"stg_metaads__{level}_insights_lifetime": list(lives)})


@pytest.mark.parametrize(
    ("currency", "usd"), [("USD", Decimal("4.37")), ("EUR", None), (None, None)]
)
def test_spend_is_called_dollars_only_where_the_file_says_so(
    made: Made, currency: str | None, usd: Decimal | None
) -> None:
    days = [a_day(currency_code=currency)]
    (row,) = made("fct_ad_daily", stg_metaads__campaign_insights_daily=days)
    assert (row["campaign_spend"], row["campaign_spend_usd"]) == (Decimal("4.37"), usd)


def test_each_result_counts_once_and_of_campaigns_alone(made: Made) -> None:
    action = {
        "account_id": "main",
        "level": "campaign",
        "entity_id": "7",
        "insight_date": date(2025, 5, 20),
        "insight_year": "2025",
        "attribution_window": "default",
        "result": "purchase",
        "action_type": "omni_purchase",
        "is_known_type": True,
        "is_counted": True,
        "action_count": 3,
        "is_provisional": False,
        "_file_id": "f1",
        "_row": 1,
    }
    held = action | {"action_type": "purchase", "is_counted": False, "_row": 2}
    of_an_ad = action | {"level": "ad", "_row": 3}
    told = made("fct_ad_result_daily", stg_metaads__insight_actions_daily=[action, held, of_an_ad])
    assert [(r["campaign_id"], r["result"], r["campaign_result_count"]) for r in told] == [
        ("7", "purchase", 3)
    ]


@pytest.mark.parametrize("level", LEVELS)
def test_days_bear_the_name_of_the_newest_listing(made: Made, level: str) -> None:
    listings = [a_listing(level, "Old", 1, valid_to=at(9)), a_listing(level, "New", 9)]
    given: dict[str, Any] = {
        f"stg_metaads__{level}_insights_daily": [a_day(level, **{f"{level}_name": "Told"})],
        f"stg_metaads__{level}s": listings,
    }
    (row,) = made(f"rpt_{level}_daily_latest", **given)
    assert (row[f"{level}_name"], row[f"{level}_status"]) == ("New", "ACTIVE")
    assert row[f"{level}_spend"] == Decimal("4.37")


@pytest.mark.parametrize("level", LEVELS)
def test_an_object_that_no_listing_has_keeps_the_name_that_was_told(made: Made, level: str) -> None:
    lives = [a_life(level, 26, "1", **{f"{level}_name": "Told"})]
    table = f"rpt_{level}_lifetime_latest"
    (row,) = made(table, **{f"stg_metaads__{level}_insights_lifetime": lives})
    assert (row[f"{level}_name"], row[f"{level}_status"]) == ("Told", None)


def test_an_ad_finds_its_campaigns_and_ad_sets_name_through_listings(made: Made) -> None:
    (row,) = made(
        "rpt_ad_daily_latest",
        stg_metaads__ad_insights_daily=[a_day("ad")],
        stg_metaads__ads=[a_listing("ad", "Cut 1", 1, adset_id="5", campaign_id="3")],
        stg_metaads__adsets=[a_listing("adset", "Broad", 1) | {"adset_id": "5"}],
        stg_metaads__campaigns=[a_listing("campaign", "Tin", 1) | {"campaign_id": "3"}],
    )
    assert (row["campaign_name"], row["adset_name"], row["ad_name"]) == ("Tin", "Broad", "Cut 1")


def test_a_listing_of_another_account_names_nothing(made: Made) -> None:
    (row,) = made(
        "rpt_campaign_daily_latest",
        stg_metaads__campaign_insights_daily=[a_day()],
        stg_metaads__campaigns=[a_listing("campaign", "Theirs", 1, account_id="other")],
    )
    assert row["campaign_name"] is None


@pytest.mark.parametrize("level", LEVELS)
def test_the_newest_snapshot_of_each_object_stands_though_a_newer_capture_lacks_it(
    made: Made, level: str
) -> None:
    lives = [
        a_life(level, 26, "19.43"),
        a_life(level, 27, "19.53"),
        a_life(level, 26, "5.00", **{f"{level}_id": "8"}),
    ]
    told = made(
        f"rpt_{level}_lifetime_latest",
        **{f"stg_metaads__{level}_insights_lifetime": [*reversed(lives)]},
    )
    assert [(r[f"{level}_id"], r[f"{level}_lifetime_spend"], r["snapshot_at"]) for r in told] == [
        ("7", Decimal("19.53"), at(27)),
        ("8", Decimal("5.00"), at(26)),
    ]


@pytest.mark.parametrize("level", LEVELS)
def test_a_change_is_a_snapshot_less_the_one_before(made: Made, level: str) -> None:
    lives = [a_life(level, day, spend) for day, spend in [(23, "1"), (26, "19.43"), (27, "19.53")]]
    told = changes(made, level, *lives)
    assert [(r["from_snapshot_at"], r["days_between"]) for r in told if r["from_snapshot_at"]] == [
        (at(23), 3),
        (at(26), 1),
    ]
    gained = {r["to_snapshot_at"]: r[f"derived_{level}_spend"] for r in told}
    assert gained == {at(23): None, at(26): Decimal("18.43"), at(27): Decimal("0.10")}
    assert all(r["is_derived"] for r in told)


def test_changes_come_to_the_newest_less_the_first(made: Made) -> None:
    spends = ["1.01", "7.5", "7.4", "40"]
    told = changes(made, "adset", *(a_life("adset", 20 + n, s) for n, s in enumerate(spends)))
    assert sum(r["derived_adset_spend"] or 0 for r in told) == Decimal("38.99")


def test_a_total_that_fell_is_kept_and_marked(made: Made) -> None:
    told = changes(made, "ad", a_life("ad", 26, "3", 100), a_life("ad", 27, "3", 90))
    fell = {r["to_snapshot_at"]: (r["derived_ad_impressions"], r["is_negative"]) for r in told}
    assert fell == {at(26): (None, False), at(27): (-10, True)}


@pytest.mark.parametrize(
    ("earlier", "later", "why", "gained", "currency"),
    [
        ({}, {}, None, Decimal(2), None),
        ({"currency_code": "EUR"}, {"currency_code": "EUR"}, None, Decimal(2), "EUR"),
        ({}, {"currency_code": "EUR"}, None, Decimal(2), None),
        ({"currency_code": "USD"}, {"currency_code": "EUR"}, "currencies differ", None, None),
        ({"period_start": date(2025, 1, 1)}, {}, "period starts elsewhere", None, None),
    ],
)
def test_what_is_no_change_says_why(
    made: Made, earlier: Row, later: Row, why: str | None, gained: Decimal | None, currency: str
) -> None:
    lives = [a_life("campaign", 26, "1", **earlier), a_life("campaign", 27, "3", **later)]
    first, second = sorted(changes(made, "campaign", *lives), key=lambda r: r["to_snapshot_at"])
    assert first["why_no_change"] == "first snapshot"
    assert (second["why_no_change"], second["derived_campaign_spend"]) == (why, gained)
    assert second["currency_code"] == currency
