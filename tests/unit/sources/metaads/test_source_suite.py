"""What holds for every stream, tried on a file of each format."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from bedrot.sources.metaads import (
    AD_INSIGHTS_DAILY,
    ADSET_INSIGHTS_LIFETIME,
    CAMPAIGN_INSIGHTS_DAILY,
    CREATIVE_OBJECTS,
    INSIGHT_ACTIONS_DAILY,
)
from bedrot.sources.metaads.synthetic import (
    Action,
    Ad,
    Figures,
    ad_object,
    dump,
    export_csv,
    insight_object,
)
from bedrot.testing.source_suite import Example, source_suite

STAMP = "20250604_090807"
DAYS = [
    Figures(
        campaign_id="120200000000010075",
        start=date(2025, 4, 29) + timedelta(days=n),
        stop=date(2025, 4, 29) + timedelta(days=n),
        spend=Decimal("4.37") + n,
        impressions=1000 + n,
        clicks=10 + n,
        reach=900,
        actions=[Action(action_type="link_click", count=9 + n)],
    )
    for n in range(5)
]
OF_ADS = [
    replace(row, adset_id="120200000000020075", ad_id="120200000000030075", currency="EUR")
    for row in DAYS
]
LIVES = [
    replace(DAYS[n], start=DAYS[n].start, stop=date(2025, 5, 26), adset_id=f"12020000000002007{n}")
    for n in range(3)
]
ADS = [
    Ad(
        id=f"12020000000003007{n}",
        name="Cut 1",
        campaign_id="120200000000010075",
        adset_id="120200000000020075",
        creative_id=f"25000000000000{n}",
    )
    for n in range(3)
]
OF_CAMPAIGNS = dump([insight_object(row) for row in DAYS])

TestCampaignInsightsDaily = source_suite(
    CAMPAIGN_INSIGHTS_DAILY,
    [
        Example(name="insights.json", content=OF_CAMPAIGNS, rows=5, units=5010),
        Example(name="export.csv", content=export_csv(DAYS, by_day=True), rows=5, units=5010),
    ],
)
TestAdInsightsDaily = source_suite(
    AD_INSIGHTS_DAILY,
    [
        Example(
            name="insights.json",
            content=dump([insight_object(row) for row in OF_ADS]),
            rows=5,
            units=5010,
        )
    ],
)
TestAdsetInsightsLifetime = source_suite(
    ADSET_INSIGHTS_LIFETIME,
    [
        Example(
            name=f"{STAMP}/insights.json",
            content=dump([insight_object(row) for row in LIVES]),
            rows=3,
            units=3003,
        )
    ],
)
TestInsightActionsDaily = source_suite(
    INSIGHT_ACTIONS_DAILY, [Example(name="insights.json", content=OF_CAMPAIGNS, rows=5)]
)
TestCreatives = source_suite(
    CREATIVE_OBJECTS,
    [
        Example(name=f"{STAMP}/ads.json", content=dump([ad_object(ad) for ad in ADS]), rows=3),
    ],
)
