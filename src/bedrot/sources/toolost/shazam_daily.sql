-- From the days on which somebody shazamed a track to typed rows.
-- `source` holds the contract's columns as text; `_row` is the day's ordinal in the response.
with typed as (
    select
        _row,
        iso_date(shazam_date) as shazam_date,
        -- The date is checked in full above, so its text begins with the month.
        left(shazam_date, 7) as shazam_month,
        exact_integer(shazams) as shazams
    from source
)

select
    _row,
    shazam_date,
    shazam_month,
    shazams
from typed
