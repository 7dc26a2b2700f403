-- From the months of Discovery Mode to typed rows.
-- `source` holds the contract's columns as text; `_row` is the month's ordinal in the response.
with typed as (
    select
        _row,
        iso_date(month_start_date) as month_start_date,
        -- The date is checked in full above, so its text begins with the month.
        left(month_start_date, 7) as stream_month,
        exact_integer(streams) as streams,
        exact_decimal(fees_usd) as fees_usd
    from source
)

select
    _row,
    month_start_date,
    stream_month,
    streams,
    fees_usd
from typed
