-- Written by `python -m bedrot.marts.ads.definitions` from templates/daily_latest.sql.template.
-- The days of ad sets as they stand, under the names that they have now.
select
    'metaads' as source,
    days.account_id,
    days.adset_id,
    days.insight_date,
    days.insight_year,
    coalesce(objects.campaign_id, days.campaign_id) as campaign_id,
    -- A listing may lack the object; then the row itself tells what it was called on the day.
    coalesce(objects.campaign_name, days.campaign_name) as campaign_name,
    coalesce(objects.adset_name, days.adset_name) as adset_name,
    objects.status as adset_status,
    objects.effective_status as adset_effective_status,
    days.currency_code,
    days.adset_spend,
    -- No amount is called dollars unless the file says so.
    case when days.currency_code = 'USD' then days.adset_spend end as adset_spend_usd,
    days.adset_impressions,
    days.adset_clicks,
    days.adset_inline_link_clicks as adset_link_clicks,
    days.adset_reach,
    days.adset_unique_clicks,
    days.adset_frequency,
    days.is_provisional,
    days._file_id,
    days._row,
    days.as_of,
    days.landed_at
from stg_metaads__adset_insights_daily as days
left join dim_ad_object as objects
    on objects.source = 'metaads'
    and objects.account_id = days.account_id
    and objects.level = 'adset'
    and objects.object_id = days.adset_id
