-- Written by `python -m bedrot.marts.ads.definitions` from templates/daily_latest.sql.template.
-- The days of ads as they stand, under the names that they have now.
select
    'metaads' as source,
    days.account_id,
    days.ad_id,
    days.insight_date,
    days.insight_year,
    coalesce(objects.campaign_id, days.campaign_id) as campaign_id,
    -- A listing may lack the object; then the row itself tells what it was called on the day.
    coalesce(objects.campaign_name, days.campaign_name) as campaign_name,
    coalesce(objects.adset_id, days.adset_id) as adset_id,
    coalesce(objects.adset_name, days.adset_name) as adset_name,
    coalesce(objects.object_name, days.ad_name) as ad_name,
    objects.status as ad_status,
    objects.effective_status as ad_effective_status,
    days.currency_code,
    days.ad_spend,
    -- No amount is called dollars unless the file says so.
    case when days.currency_code = 'USD' then days.ad_spend end as ad_spend_usd,
    days.ad_impressions,
    days.ad_clicks,
    days.ad_inline_link_clicks as ad_link_clicks,
    days.ad_reach,
    days.ad_unique_clicks,
    days.ad_frequency,
    days.is_provisional,
    days._file_id,
    days._row,
    days.as_of,
    days.landed_at
from stg_metaads__ad_insights_daily as days
left join dim_ad_object as objects
    on objects.source = 'metaads'
    and objects.account_id = days.account_id
    and objects.level = 'ad'
    and objects.object_id = days.ad_id
