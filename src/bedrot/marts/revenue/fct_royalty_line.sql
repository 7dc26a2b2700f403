-- Every royalty line of every distributor, as it stands in the ledgers.
select
    'distrokid' as source,
    account_id,
    artist_name,
    track_title,
    isrc,
    upc,
    recording_key,
    product_type,
    store,
    store_reported,
    is_known_store,
    use_type,
    commercial_model,
    country_code,
    sale_month,
    reporting_date,
    reporting_month,
    line_type,
    units,
    cast(null as bigint) as transaction_units,
    net_usd,
    net_usd as net_amount,
    'USD' as net_currency_code,
    withheld_usd,
    recoup_usd,
    split_pct,
    date_inserted,
    cast(null as varchar) as transaction_id,
    cast(null as varchar) as split_id,
    _file_id,
    _row,
    as_of,
    landed_at
from stg_distrokid__earnings
union all
select
    'toolost' as source,
    account_id,
    artist_name,
    track_title,
    isrc,
    upc,
    recording_key,
    cast(null as varchar) as product_type,
    store,
    store_reported,
    is_known_store,
    use_type,
    commercial_model,
    country_code,
    -- A date's text begins with its month.
    left(cast(sale_date as varchar), 7) as sale_month,
    reporting_date,
    reporting_month,
    -- Where nothing payable is told, what the store paid has the sign; so it has where a small
    -- share of it rounds to 0.00.
    case
        when coalesce(nullif(net_usd, 0), nullif(payable_amount, 0), gross_amount) < 0
            then 'deduction'
        else 'sale'
    end as line_type,
    -- A transaction repeats its units on every split: only a line that is all of it may be added.
    case when split_id is null or share_pct = 100 then units end as units,
    case
        when split_id is not null and share_pct is distinct from 100 then units
    end as transaction_units,
    -- What the report calls payable in dollars: gross, share and fee are never multiplied.
    net_usd,
    coalesce(net_usd, payable_amount) as net_amount,
    case
        when net_usd is not null then 'USD'
        when payable_amount is not null then coalesce(payable_currency_code, currency_code)
    end as net_currency_code,
    cast(null as decimal(22, 12)) as withheld_usd,
    cast(null as decimal(22, 12)) as recoup_usd,
    -- A share with more decimals than fit here is not rounded: it stands in the staging table.
    case
        when share_pct between 0 and 100 and share_pct = cast(share_pct as decimal(9, 4))
            then cast(share_pct as decimal(9, 4))
    end as split_pct,
    cast(null as varchar) as date_inserted,
    transaction_id,
    split_id,
    _file_id,
    _row,
    as_of,
    landed_at
from stg_toolost__sales
