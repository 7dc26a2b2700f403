-- Written by `python -m bedrot.marts.ads.definitions` from templates/lifetime_change.sql.template.
-- What the whole life of every ad set gained from each snapshot to the next: derived, never told.
with numbered as (
    select
        account_id,
        adset_id,
        campaign_id,
        snapshot_at,
        period_start,
        period_stop,
        currency_code,
        adset_spend,
        adset_impressions,
        adset_clicks,
        adset_inline_link_clicks,
        _file_id,
        _row,
        as_of,
        landed_at,
        row_number() over (
            partition by account_id, adset_id order by snapshot_at
        ) as snapshot_number
    from stg_metaads__adset_insights_lifetime
),

paired as (
    select
        later.account_id,
        later.adset_id,
        later.campaign_id,
        earlier.snapshot_at as from_snapshot_at,
        later.snapshot_at as to_snapshot_at,
        earlier.period_stop as from_period_stop,
        later.period_stop as to_period_stop,
        -- A dump names no currency: the change has one only where both snapshots tell the same.
        case when earlier.currency_code = later.currency_code then later.currency_code end
            as currency_code,
        case
            when earlier.snapshot_at is null then 'first snapshot'
            -- Lives that begin on different days are not parts of one another.
            when earlier.period_start <> later.period_start then 'period starts elsewhere'
            when earlier.currency_code <> later.currency_code then 'currencies differ'
        end as why_no_change,
        later.adset_spend - earlier.adset_spend as spend,
        later.adset_impressions - earlier.adset_impressions as impressions,
        later.adset_clicks - earlier.adset_clicks as clicks,
        later.adset_inline_link_clicks - earlier.adset_inline_link_clicks as link_clicks,
        later._file_id,
        later._row,
        earlier._file_id as _from_file_id,
        earlier._row as _from_row,
        later.as_of,
        later.landed_at
    from numbered as later
    left join numbered as earlier
        on earlier.account_id = later.account_id
        and earlier.adset_id = later.adset_id
        and earlier.snapshot_number = later.snapshot_number - 1
),

derived as (
    select
        paired.*,
        case when why_no_change is null then spend end as derived_spend,
        case when why_no_change is null then impressions end as derived_impressions,
        case when why_no_change is null then clicks end as derived_clicks,
        case when why_no_change is null then link_clicks end as derived_link_clicks
    from paired
)

select
    'metaads' as source,
    account_id,
    adset_id,
    campaign_id,
    from_snapshot_at,
    to_snapshot_at,
    from_period_stop,
    to_period_stop,
    date_diff('day', from_period_stop, to_period_stop) as days_between,
    currency_code,
    derived_spend as derived_adset_spend,
    derived_impressions as derived_adset_impressions,
    derived_clicks as derived_adset_clicks,
    derived_link_clicks as derived_adset_link_clicks,
    true as is_derived,
    -- A total that fell was corrected by Meta; it is kept, and said.
    coalesce(derived_spend < 0, false)
        or coalesce(derived_impressions < 0, false)
        or coalesce(derived_clicks < 0, false)
        or coalesce(derived_link_clicks < 0, false) as is_negative,
    why_no_change,
    _file_id,
    _row,
    _from_file_id,
    _from_row,
    as_of,
    landed_at
from derived
