-- From the sales report by track to typed lines.
-- `source` holds the contract's columns as text; `_row` is the record's ordinal in the file.
with typed as (
    select
        _row,
        clean_text(transaction_id) as transaction_id,
        clean_text(split_id) as split_id,
        iso_date(sale_date) as sale_date,
        iso_date(accounting_date) as accounting_date,
        iso_date(reporting_date) as reporting_date,
        -- The date is checked in full above, so its text begins with the month.
        left(reporting_date, 7) as reporting_month,
        clean_text(store_reported) as store_reported,
        clean_text(artist_name) as artist_name,
        clean_text(release_title) as release_title,
        clean_text(release_id) as release_id,
        clean_text(track_title) as track_title,
        clean_text(track_id) as track_id,
        normal_isrc(isrc) as isrc,
        reported_isrc(isrc) as isrc_reported,
        clean_text(upc) as upc,
        upc_key(upc) as upc_key,
        normal_country(country_code) as country_code,
        exact_integer(units) as units,
        exact_decimal(gross_amount) as gross_amount,
        upper(clean_text(currency_code)) as currency_code,
        clean_text(share_reported) as share_reported,
        clean_text(fee_reported) as fee_reported,
        exact_decimal(payable_amount) as payable_amount,
        upper(clean_text(payable_currency_code)) as payable_currency_code,
        exact_decimal(payable_usd_reported) as payable_usd_reported,
        exact_decimal(net_reported) as net_reported
    from source
    -- A spreadsheet leaves records of delimiters alone below the last line.
    where
        trim(
            concat_ws(
                '', transaction_id, split_id, sale_date, accounting_date, reporting_date,
                store_reported, artist_name, release_title, release_id, track_title, track_id, isrc,
                upc, country_code, units, gross_amount, currency_code, share_reported, fee_reported,
                payable_amount, payable_currency_code, payable_usd_reported, net_reported
            )
        ) <> ''
),

measured as (
    select
        typed.*,
        exact_decimal(rtrim(share_reported, '% ')) as share_number,
        exact_decimal(rtrim(fee_reported, '% ')) as fee_number,
        stores.store as known_store,
        stores.use_type,
        stores.commercial_model
    from typed
    left join toolost_channels as stores
        on stores.alias = alias_key(typed.store_reported)
)

select
    _row,
    transaction_id,
    -- A line without a split has an empty key, as a key is never null.
    coalesce(split_id, '') as split_key,
    split_id,
    sale_date,
    accounting_date,
    reporting_date,
    reporting_month,
    coalesce(known_store, store_reported) as store,
    store_reported,
    known_store is not null as is_known_store,
    use_type,
    commercial_model,
    artist_name,
    release_title,
    release_id,
    track_title,
    track_id,
    isrc,
    isrc_reported,
    upc,
    upc_key,
    coalesce(isrc, coalesce(upc, '') || '|' || coalesce(track_title, '')) as recording_key,
    country_code,
    units,
    gross_amount,
    currency_code,
    -- No amount is called dollars unless the line says so.
    case when currency_code = 'USD' then gross_amount end as gross_usd,
    share_reported,
    -- A bare number up to 1 may be a part of one or a percentage: only a percent sign decides.
    case
        when right(share_reported, 1) = '%' or share_number > 1 or share_number = 0
            then share_number
    end as share_pct,
    fee_reported,
    case
        when right(fee_reported, 1) = '%' or fee_number > 1 or fee_number = 0
            then fee_number
    end as fee_pct,
    payable_amount,
    payable_currency_code,
    payable_usd_reported,
    net_reported,
    -- Only what the report itself calls payable is net: gross, share and fee are never multiplied.
    case
        when payable_usd_reported is not null then payable_usd_reported
        when coalesce(payable_currency_code, currency_code) = 'USD' then payable_amount
    end as net_usd
from measured
