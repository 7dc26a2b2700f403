-- From the bank details export to typed royalty lines.
-- `source` holds the contract's columns as text; `_row` is the record's ordinal in the file.
with typed as (
    select
        _row,
        iso_date(reporting_date) as reporting_date,
        -- The date is checked in full above, so its text begins with the month.
        left(reporting_date, 7) as reporting_month,
        iso_month(sale_month) as sale_month,
        clean_text(store_reported) as store_reported,
        clean_text(artist_name) as artist_name,
        clean_text(track_title) as track_title,
        normal_isrc(isrc) as isrc,
        reported_isrc(isrc) as isrc_reported,
        clean_text(upc) as upc,
        upc_key(upc) as upc_key,
        clean_text(product_type) as product_type,
        normal_country(country_code) as country_code,
        exact_integer(units) as units,
        exact_percent(split_pct) as split_pct,
        exact_decimal(net_usd) as net_usd,
        exact_decimal(withheld_usd) as withheld_usd,
        exact_decimal(recoup_usd) as recoup_usd,
        clean_text(date_inserted) as date_inserted
    from source
),

named as (
    select
        typed.*,
        stores.store as known_store,
        stores.use_type,
        stores.commercial_model
    from typed
    left join distrokid_stores as stores
        on stores.alias = alias_key(typed.store_reported)
)

select
    _row,
    reporting_date,
    reporting_month,
    sale_month,
    coalesce(known_store, store_reported) as store,
    store_reported,
    known_store is not null as is_known_store,
    use_type,
    commercial_model,
    artist_name,
    track_title,
    isrc,
    isrc_reported,
    upc,
    upc_key,
    -- Titles get renamed, so they name a recording only where no code does.
    coalesce(isrc, coalesce(upc, '') || '|' || coalesce(track_title, '')) as recording_key,
    product_type,
    country_code,
    units,
    split_pct,
    -- A negative zero is a sale: only an amount below zero takes something away.
    case when net_usd < 0 then 'deduction' else 'sale' end as line_type,
    net_usd,
    withheld_usd,
    recoup_usd,
    date_inserted
from named
