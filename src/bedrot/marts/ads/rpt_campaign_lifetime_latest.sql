-- Written by `python -m bedrot.marts.ads.definitions` from templates/lifetime_latest.sql.template.
-- The newest snapshot of every campaign, under the names that it has now.
with numbered as (
    select
        account_id,
        campaign_id,
        snapshot_at,
        period_start,
        period_stop,
        campaign_name,
        currency_code,
        campaign_spend,
        campaign_impressions,
        campaign_clicks,
        campaign_inline_link_clicks,
        campaign_reach,
        campaign_unique_clicks,
        campaign_frequency,
        _file_id,
        _row,
        as_of,
        landed_at,
        row_number() over (
            partition by account_id, campaign_id order by snapshot_at desc
        ) as from_the_newest
    from stg_metaads__campaign_insights_lifetime
)

select
    'metaads' as source,
    newest.account_id,
    newest.campaign_id,
    newest.snapshot_at,
    newest.period_start,
    newest.period_stop,
    -- A listing may lack the object; then the snapshot itself tells what it was called.
    coalesce(objects.campaign_name, newest.campaign_name) as campaign_name,
    objects.status as campaign_status,
    objects.effective_status as campaign_effective_status,
    newest.currency_code,
    newest.campaign_spend as campaign_lifetime_spend,
    -- No amount is called dollars unless the file says so.
    case
        when newest.currency_code = 'USD' then newest.campaign_spend
    end as campaign_lifetime_spend_usd,
    newest.campaign_impressions as campaign_lifetime_impressions,
    newest.campaign_clicks as campaign_lifetime_clicks,
    newest.campaign_inline_link_clicks as campaign_lifetime_link_clicks,
    newest.campaign_reach as campaign_lifetime_reach,
    newest.campaign_unique_clicks as campaign_lifetime_unique_clicks,
    newest.campaign_frequency as campaign_lifetime_frequency,
    newest._file_id,
    newest._row,
    newest.as_of,
    newest.landed_at
from numbered as newest
left join dim_ad_object as objects
    on objects.source = 'metaads'
    and objects.account_id = newest.account_id
    and objects.level = 'campaign'
    and objects.object_id = newest.campaign_id
where newest.from_the_newest = 1
