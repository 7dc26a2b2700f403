-- Written by `python -m bedrot.marts.ads.definitions` from templates/lifetime_latest.sql.template.
-- The newest snapshot of every ad, under the names that it has now.
with numbered as (
    select
        account_id,
        ad_id,
        snapshot_at,
        period_start,
        period_stop,
        campaign_id,
        campaign_name,
        adset_id,
        adset_name,
        ad_name,
        currency_code,
        ad_spend,
        ad_impressions,
        ad_clicks,
        ad_inline_link_clicks,
        ad_reach,
        ad_unique_clicks,
        ad_frequency,
        _file_id,
        _row,
        as_of,
        landed_at,
        row_number() over (
            partition by account_id, ad_id order by snapshot_at desc
        ) as from_the_newest
    from stg_metaads__ad_insights_lifetime
)

select
    'metaads' as source,
    newest.account_id,
    newest.ad_id,
    newest.snapshot_at,
    newest.period_start,
    newest.period_stop,
    coalesce(objects.campaign_id, newest.campaign_id) as campaign_id,
    -- A listing may lack the object; then the snapshot itself tells what it was called.
    coalesce(objects.campaign_name, newest.campaign_name) as campaign_name,
    coalesce(objects.adset_id, newest.adset_id) as adset_id,
    coalesce(objects.adset_name, newest.adset_name) as adset_name,
    coalesce(objects.object_name, newest.ad_name) as ad_name,
    objects.status as ad_status,
    objects.effective_status as ad_effective_status,
    newest.currency_code,
    newest.ad_spend as ad_lifetime_spend,
    -- No amount is called dollars unless the file says so.
    case
        when newest.currency_code = 'USD' then newest.ad_spend
    end as ad_lifetime_spend_usd,
    newest.ad_impressions as ad_lifetime_impressions,
    newest.ad_clicks as ad_lifetime_clicks,
    newest.ad_inline_link_clicks as ad_lifetime_link_clicks,
    newest.ad_reach as ad_lifetime_reach,
    newest.ad_unique_clicks as ad_lifetime_unique_clicks,
    newest.ad_frequency as ad_lifetime_frequency,
    newest._file_id,
    newest._row,
    newest.as_of,
    newest.landed_at
from numbered as newest
left join dim_ad_object as objects
    on objects.source = 'metaads'
    and objects.account_id = newest.account_id
    and objects.level = 'ad'
    and objects.object_id = newest.ad_id
where newest.from_the_newest = 1
