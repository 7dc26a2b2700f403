-- From the days of the portal's Spotify response to typed rows.
-- `source` holds the contract's columns as text; `_row` is the day's ordinal in the response.
with typed as (
    select
        _row,
        iso_date(stream_date) as stream_date,
        -- The date is checked in full above, so its text begins with the month.
        left(stream_date, 7) as stream_month,
        exact_integer(streams) as streams
    from source
)

select
    _row,
    stream_date,
    stream_month,
    streams
from typed
