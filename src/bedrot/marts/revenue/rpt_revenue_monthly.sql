-- What each recording earned, by store, use, country and month of sale.
with summed as (
    select
        source,
        account_id,
        artist_name,
        recording_key,
        isrc,
        case when isrc is null then upc end as upc,
        case when isrc is null then track_title end as track_title,
        store,
        use_type,
        country_code,
        sale_month,
        sum(net_usd) as net_usd,
        sum(case when line_type = 'sale' then net_usd else 0 end) as earnings_usd,
        sum(case when line_type = 'deduction' then net_usd else 0 end) as deductions_usd,
        -- Deductions repeat the units of plays that are counted already.
        sum(case when line_type = 'sale' then units else 0 end) as units,
        sum(case when line_type = 'deduction' then units else 0 end) as deducted_units,
        min(split_pct) as lowest_split_pct
    from fct_royalty_line
    group by
        source,
        account_id,
        artist_name,
        recording_key,
        isrc,
        case when isrc is null then upc end,
        case when isrc is null then track_title end,
        store,
        use_type,
        country_code,
        sale_month
)

select
    source,
    account_id,
    artist_name,
    recording_key,
    isrc,
    upc,
    track_title,
    store,
    use_type,
    country_code,
    sale_month,
    net_usd,
    earnings_usd,
    deductions_usd,
    units,
    deducted_units,
    -- A rate of a share is no rate: only lines that are wholly the account's count.
    case
        when units > 0 and lowest_split_pct = 100
            then cast(net_usd as double) / cast(units as double)
    end as usd_per_unit
from summed
