-- From the countries of the portal's Apple Music response to typed rows.
-- `source` holds the contract's columns as text; `_row` is the country's ordinal in its list.
with typed as (
    select
        _row,
        iso_date(window_start) as window_start,
        iso_date(window_end) as window_end,
        left(window_end, 7) as window_month,
        normal_country(country_code) as country_code,
        exact_integer(streams) as streams
    from source
)

select
    _row,
    window_start,
    window_end,
    window_month,
    country_code,
    streams
from typed
