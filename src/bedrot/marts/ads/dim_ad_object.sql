-- What every campaign, ad set and ad is called now, with the names of what stands above it.
with campaigns as (
    select
        account_id,
        campaign_id,
        campaign_name,
        status,
        effective_status,
        valid_from,
        _file_id,
        _row,
        as_of,
        landed_at
    from stg_metaads__campaigns
    -- The row without an end is the newest that a capture told.
    where valid_to is null
),

adsets as (
    select
        account_id,
        adset_id,
        adset_name,
        campaign_id,
        status,
        effective_status,
        valid_from,
        _file_id,
        _row,
        as_of,
        landed_at
    from stg_metaads__adsets
    where valid_to is null
),

ads as (
    select
        account_id,
        ad_id,
        ad_name,
        adset_id,
        campaign_id,
        status,
        effective_status,
        valid_from,
        _file_id,
        _row,
        as_of,
        landed_at
    from stg_metaads__ads
    where valid_to is null
),

objects as (
    select
        account_id,
        'campaign' as level,
        campaign_id as object_id,
        campaign_name as object_name,
        campaign_id,
        cast(null as varchar) as adset_id,
        status,
        effective_status,
        valid_from,
        _file_id,
        _row,
        as_of,
        landed_at
    from campaigns
    union all
    select
        account_id,
        'adset' as level,
        adset_id as object_id,
        adset_name as object_name,
        campaign_id,
        adset_id,
        status,
        effective_status,
        valid_from,
        _file_id,
        _row,
        as_of,
        landed_at
    from adsets
    union all
    select
        account_id,
        'ad' as level,
        ad_id as object_id,
        ad_name as object_name,
        campaign_id,
        adset_id,
        status,
        effective_status,
        valid_from,
        _file_id,
        _row,
        as_of,
        landed_at
    from ads
)

select
    'metaads' as source,
    objects.account_id,
    objects.level,
    objects.object_id,
    objects.object_name,
    objects.status,
    objects.effective_status,
    objects.campaign_id,
    campaigns.campaign_name,
    objects.adset_id,
    adsets.adset_name,
    objects.valid_from,
    objects._file_id,
    objects._row,
    campaigns._file_id as _campaign_file_id,
    campaigns._row as _campaign_row,
    adsets._file_id as _adset_file_id,
    adsets._row as _adset_row,
    objects.as_of,
    objects.landed_at
from objects
left join campaigns
    on campaigns.account_id = objects.account_id
    and campaigns.campaign_id = objects.campaign_id
left join adsets
    on adsets.account_id = objects.account_id
    and adsets.adset_id = objects.adset_id
