-- What advertising cost and reached per campaign and day: the one level whose figures are facts here.
select
    'metaads' as source,
    account_id,
    campaign_id,
    insight_date,
    insight_year,
    campaign_name,
    currency_code,
    campaign_spend,
    -- No amount is called dollars unless the file says so.
    case when currency_code = 'USD' then campaign_spend end as campaign_spend_usd,
    campaign_impressions,
    campaign_clicks,
    campaign_inline_link_clicks as campaign_link_clicks,
    campaign_reach,
    campaign_unique_clicks,
    campaign_frequency,
    is_provisional,
    _file_id,
    _row,
    as_of,
    landed_at
from stg_metaads__campaign_insights_daily
