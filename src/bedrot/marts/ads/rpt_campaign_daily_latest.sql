-- Written by `python -m bedrot.marts.ads.definitions` from templates/daily_latest.sql.template.
-- The days of campaigns as they stand, under the names that they have now.
select
    'metaads' as source,
    days.account_id,
    days.campaign_id,
    days.insight_date,
    days.insight_year,
    -- A listing may lack the object; then the row itself tells what it was called on the day.
    coalesce(objects.campaign_name, days.campaign_name) as campaign_name,
    objects.status as campaign_status,
    objects.effective_status as campaign_effective_status,
    days.currency_code,
    days.campaign_spend,
    -- No amount is called dollars unless the file says so.
    case when days.currency_code = 'USD' then days.campaign_spend end as campaign_spend_usd,
    days.campaign_impressions,
    days.campaign_clicks,
    days.campaign_inline_link_clicks as campaign_link_clicks,
    days.campaign_reach,
    days.campaign_unique_clicks,
    days.campaign_frequency,
    days.is_provisional,
    days._file_id,
    days._row,
    days.as_of,
    days.landed_at
from stg_metaads__campaign_insights_daily as days
left join dim_ad_object as objects
    on objects.source = 'metaads'
    and objects.account_id = days.account_id
    and objects.level = 'campaign'
    and objects.object_id = days.campaign_id
