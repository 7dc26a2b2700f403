-- From the sales statement to typed rows.
-- `source` holds the contract's columns with headers, all of them text; `_row` is the record's ordinal.
with typed as (
    select
        _row,
        iso_date(statement_date) as statement_date,
        iso_month(sale_month) as sale_month,
        clean_text(store) as store,
        clean_text(artist_name) as artist_name,
        clean_text(track_title) as track_title,
        normal_isrc(isrc) as isrc,
        normal_country(country_code) as country_code,
        exact_integer(units) as units,
        exact_decimal(net_usd) as net_usd
    from source
)

select
    _row,
    statement_date,
    strftime(statement_date, '%Y-%m') as statement_month,
    sale_month,
    store,
    artist_name,
    track_title,
    isrc,
    country_code,
    units,
    -- The sign belongs to the ledger's key: a refund is never taken for a changed sale.
    case when net_usd < 0 then 'deduction' else 'sale' end as line_type,
    net_usd
from typed
