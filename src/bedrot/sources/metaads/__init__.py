"""Meta Ads: campaigns, ad sets, ads and creatives, and what they cost and brought."""

from __future__ import annotations

from bedrot.extract.parsed import Parse, parsed_stream
from bedrot.extract.streams import Source, Stream
from bedrot.sources.metaads.documents import ADS, ADSETS, CAMPAIGNS, INSIGHTS
from bedrot.sources.metaads.insight_tables import actions, figures, recognise_insights
from bedrot.sources.metaads.masking import holder, mask_tokens
from bedrot.sources.metaads.objects import (
    read_ads,
    read_adsets,
    read_campaigns,
    read_creatives,
    recognise_objects,
)
from bedrot.sources.metaads.sign_in import sign_in_page


def _objects(name: str, parse: Parse, captured_as: str = "") -> Stream:
    return parsed_stream(
        __name__,
        "metaads",
        name,
        recognise=recognise_objects,
        parse=parse,
        captured_as=captured_as,
        parser_version=2,
        redact=mask_tokens,
        holder=holder,
    )


def _insights(name: str, parse: Parse) -> Stream:
    return parsed_stream(
        __name__,
        "metaads",
        name,
        recognise=recognise_insights,
        parse=parse,
        captured_as=INSIGHTS,
        parser_version=2,
        redact=mask_tokens,
        holder=holder,
    )


def _actions(nature: str) -> Stream:
    return parsed_stream(
        __name__,
        "metaads",
        f"insight_actions_{nature}",
        recognise=recognise_insights,
        parse=actions(nature),
        captured_as=INSIGHTS,
        alias_tables=("action_types",),
        parser_version=2,
        redact=mask_tokens,
        holder=holder,
    )


CAMPAIGN_OBJECTS = _objects(CAMPAIGNS, read_campaigns)
ADSET_OBJECTS = _objects(ADSETS, read_adsets)
AD_OBJECTS = _objects(ADS, read_ads)
CREATIVE_OBJECTS = _objects("creatives", read_creatives, captured_as=ADS)

CAMPAIGN_INSIGHTS_DAILY = _insights("campaign_insights_daily", figures("campaign", "daily"))
ADSET_INSIGHTS_DAILY = _insights("adset_insights_daily", figures("adset", "daily"))
AD_INSIGHTS_DAILY = _insights("ad_insights_daily", figures("ad", "daily"))
CAMPAIGN_INSIGHTS_LIFETIME = _insights(
    "campaign_insights_lifetime", figures("campaign", "lifetime")
)
ADSET_INSIGHTS_LIFETIME = _insights("adset_insights_lifetime", figures("adset", "lifetime"))
AD_INSIGHTS_LIFETIME = _insights("ad_insights_lifetime", figures("ad", "lifetime"))
INSIGHT_ACTIONS_DAILY = _actions("daily")
INSIGHT_ACTIONS_LIFETIME = _actions("lifetime")

SOURCE = Source(
    name="metaads",
    title="Meta Ads",
    streams=(
        CAMPAIGN_OBJECTS,
        ADSET_OBJECTS,
        AD_OBJECTS,
        CREATIVE_OBJECTS,
        CAMPAIGN_INSIGHTS_DAILY,
        ADSET_INSIGHTS_DAILY,
        AD_INSIGHTS_DAILY,
        CAMPAIGN_INSIGHTS_LIFETIME,
        ADSET_INSIGHTS_LIFETIME,
        AD_INSIGHTS_LIFETIME,
        INSIGHT_ACTIONS_DAILY,
        INSIGHT_ACTIONS_LIFETIME,
    ),
    stray=sign_in_page,
)
