-- Written by `python -m bedrot.marts.ads.definitions` from templates/lifetime_latest.sql.template.
-- The newest snapshot of every ad set, under the names that it has now.
with numbered as (
    select
        account_id,
        adset_id,
        snapshot_at,
        period_start,
        period_stop,
        campaign_id,
        campaign_name,
        adset_name,
        currency_code,
        adset_spend,
        adset_impressions,
        adset_clicks,
        adset_inline_link_clicks,
        adset_reach,
        adset_unique_clicks,
        adset_frequency,
        _file_id,
        _row,
        as_of,
        landed_at,
        row_number() over (
            partition by account_id, adset_id order by snapshot_at desc
        ) as from_the_newest
    from stg_metaads__adset_insights_lifetime
)

select
    'metaads' as source,
    newest.account_id,
    newest.adset_id,
    newest.snapshot_at,
    newest.period_start,
    newest.period_stop,
    coalesce(objects.campaign_id, newest.campaign_id) as campaign_id,
    -- A listing may lack the object; then the snapshot itself tells what it was called.
    coalesce(objects.campaign_name, newest.campaign_name) as campaign_name,
    coalesce(objects.adset_name, newest.adset_name) as adset_name,
    objects.status as adset_status,
    objects.effective_status as adset_effective_status,
    newest.currency_code,
    newest.adset_spend as adset_lifetime_spend,
    -- No amount is called dollars unless the file says so.
    case
        when newest.currency_code = 'USD' then newest.adset_spend
    end as adset_lifetime_spend_usd,
    newest.adset_impressions as adset_lifetime_impressions,
    newest.adset_clicks as adset_lifetime_clicks,
    newest.adset_inline_link_clicks as adset_lifetime_link_clicks,
    newest.adset_reach as adset_lifetime_reach,
    newest.adset_unique_clicks as adset_lifetime_unique_clicks,
    newest.adset_frequency as adset_lifetime_frequency,
    newest._file_id,
    newest._row,
    newest.as_of,
    newest.landed_at
from numbered as newest
left join dim_ad_object as objects
    on objects.source = 'metaads'
    and objects.account_id = newest.account_id
    and objects.level = 'adset'
    and objects.object_id = newest.adset_id
where newest.from_the_newest = 1
