-- What each recording earned, by store, use, country and month of sale.
with lines as (
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
        line_type,
        net_usd,
        units,
        split_pct,
        transaction_id,
        transaction_units
    from fct_royalty_line
),

counted as (
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
        line_type,
        1 as line_count,
        case when net_usd is null then 1 else 0 end as unknown_net_count,
        net_usd,
        units,
        -- An unknown share is as good as a part.
        case when split_pct = 100 then 0 else 1 end as part_count
    from lines
    union all
    -- Every split repeats the units of its transaction.
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
        line_type,
        0 as line_count,
        0 as unknown_net_count,
        cast(null as decimal(22, 12)) as net_usd,
        max(transaction_units) as units,
        0 as part_count
    from lines
    where transaction_units is not null
    group by
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
        line_type,
        transaction_id
),

summed as (
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
        sum(net_usd) as net_usd,
        sum(case when line_type = 'sale' then net_usd end) as sold_usd,
        sum(case when line_type = 'deduction' then net_usd end) as deducted_usd,
        sum(case when line_type = 'sale' then line_count else 0 end) as sale_count,
        sum(case when line_type = 'deduction' then line_count else 0 end) as deduction_count,
        -- Deductions repeat the units of plays that are counted already.
        sum(case when line_type = 'sale' then units else 0 end) as units,
        sum(case when line_type = 'deduction' then units else 0 end) as deducted_units,
        sum(unknown_net_count) as lines_without_net_usd,
        sum(part_count) as part_count
    from counted
    group by
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
        sale_month
)

select
    summed.source,
    summed.account_id,
    summed.artist_name,
    coalesce(names.artist, summed.artist_name) as artist,
    summed.recording_key,
    summed.isrc,
    summed.upc,
    summed.track_title,
    summed.store,
    summed.use_type,
    summed.country_code,
    summed.sale_month,
    summed.net_usd,
    -- No lines come to nothing; lines of which no net is known come to something unknown.
    case when summed.sale_count = 0 then 0 else summed.sold_usd end as earnings_usd,
    case when summed.deduction_count = 0 then 0 else summed.deducted_usd end as deductions_usd,
    summed.lines_without_net_usd,
    summed.units,
    summed.deducted_units,
    -- A rate of a share is no rate: only lines that are wholly the account's count.
    case
        when summed.units > 0 and summed.part_count = 0 and summed.lines_without_net_usd = 0
            then cast(summed.net_usd as double) / cast(summed.units as double)
    end as usd_per_unit
from summed
left join cfg_artist_spelling as names
    on names.spelling_key = spelling_key(summed.artist_name)
