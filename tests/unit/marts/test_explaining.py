"""A row that is made of several records leads to all of them and to no other."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from bedrot.pipeline.explaining import explain
from bedrot.sources.metaads.synthetic import (
    Ad,
    AdSet,
    Campaign,
    Figures,
    ad_object,
    adset_object,
    campaign_object,
    dump,
    insight_object,
)
from bedrot.sources.tiktok.synthetic import archive, archive_name, daily
from bedrot.testing.lakes import publish, throwaway_lake
from bedrot.testing.ledgers import Export, export, line
from bedrot.zones.lake import Lake

DAYS = [date(2025, 5, 20) + timedelta(days=n) for n in range(8)]
CAMPAIGNS = ["120200000000010075", "120200000000010076"]
ADSET, AD = "120200000000020075", "120200000000030075"


def lives(stop: date, *spends: str) -> bytes:
    return dump(
        [
            insight_object(
                Figures(
                    campaign_id=campaign,
                    start=date(2025, 1, 20),
                    stop=stop,
                    spend=Decimal(spend),
                    impressions=1000,
                    clicks=10,
                    reach=900,
                )
            )
            for campaign, spend in zip(CAMPAIGNS, spends, strict=True)
        ]
    )


def exports() -> list[Export]:
    told = [
        (f"insights_2025052{n}_120000.json", lives(date(2025, 5, 20 + n), f"{n}.43", f"{n}.5"))
        for n in (1, 2, 4)
    ]
    campaigns = [Campaign(id=campaign, name="Tin") for campaign in CAMPAIGNS]
    adset = AdSet(id=ADSET, name="Broad", campaign_id=CAMPAIGNS[0])
    ad = Ad(id=AD, name="Cut", campaign_id=CAMPAIGNS[0], adset_id=ADSET, creative_id="9")
    told += [
        ("campaigns_20250521_120000.json", dump([campaign_object(c) for c in campaigns])),
        ("adsets_20250521_120000.json", dump([adset_object(adset)])),
        ("ads_20250521_120000.json", dump([ad_object(ad)])),
    ]
    packed = datetime(2025, 5, 28, 11, 38, tzinfo=UTC)
    for tab, kind, figures in (
        ("Overview", "overview", [5, 1, 2, 0, 1]),
        ("Followers", "follower_history", [100, 0]),
    ):
        days = {day: [figures[0] + n, *figures[1:]] for n, day in enumerate(DAYS)}
        member = {"overview": "Overview.csv", "follower_history": "FollowerHistory.csv"}[kind]
        name = archive_name(DAYS[0], DAYS[-1], "zone", tab=tab)
        told.append((name, archive({member: daily(kind, days)}, packed)))
    return [Export(name=name, content=content) for name, content in told]


@pytest.fixture(scope="module")
def lake(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lake]:
    with throwaway_lake(tmp_path_factory.mktemp("explaining") / "lake") as opened:
        outcomes = publish(opened, *exports())
        assert {one.outcome for one in outcomes} == {"landed"}
        yield opened


def test_a_change_leads_to_its_two_snapshots(lake: Lake) -> None:
    table = "fct_campaign_lifetime_change"
    where = f"campaign_id = '{CAMPAIGNS[0]}' and days_between = 2"
    told = explain(lake, table, where)
    (row,) = told.rows
    assert told.adds_up
    assert row.values["derived_campaign_spend"] == Decimal("2.00")
    assert [str(one.values["campaign_spend"].normalize()) for one in row.lines] == ["2.43", "4.43"]


def test_every_change_adds_up(lake: Lake) -> None:
    told = explain(lake, "fct_campaign_lifetime_change", "true", rows=99)
    assert (told.matched, told.adds_up) == (6, True)
    assert sorted(row.line_count for row in told.rows) == [1, 1, 2, 2, 2, 2]


def test_a_day_leads_to_its_figures_and_to_two_levels_of_followers(lake: Lake) -> None:
    told = explain(lake, "fct_social_daily", f"social_date = '{DAYS[3]}'")
    (row,) = told.rows
    assert (told.adds_up, row.values["derived_follower_net_change"]) == (True, 1)
    assert sorted((one.row, "follower_count" in one.values) for one in row.lines) == [
        (3, True),
        (4, False),
        (4, True),
    ]


def test_an_ad_leads_to_itself_and_what_stands_above_it(lake: Lake) -> None:
    told = explain(lake, "dim_ad_object", "level = 'ad'")
    (row,) = told.rows
    assert (told.adds_up, row.line_count) == (True, 3)
    assert (row.values["campaign_name"], row.values["adset_name"]) == ("Tin", "Broad")


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lake]:
    """The same bytes, which two accounts gave."""
    with throwaway_lake(tmp_path_factory.mktemp("shared") / "lake") as opened:
        lines = [line("1.5"), line("-0.5", units=3)]
        publish(opened, *(export(lines, "20250401", account_id=name) for name in "ab"))
        yield opened


@pytest.mark.parametrize("table", ["fct_royalty_line", "rpt_revenue_monthly", "dim_store"])
def test_a_file_of_two_accounts_explains_each_by_its_own_records(shared: Lake, table: str) -> None:
    told = explain(shared, table, "true", rows=99)
    assert told.adds_up
    for row in told.rows:
        owner = row.values.get("account_id")
        assert {one.values["account_id"] for one in row.lines} == ({owner} if owner else {"a", "b"})
