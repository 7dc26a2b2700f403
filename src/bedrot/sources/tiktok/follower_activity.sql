-- From the activity of followers to typed levels by hour.
-- `source` holds the contract's columns as text; `_row` is the record's ordinal in the file.
with typed as (
    select
        _row,
        iso_date(day_date) as day_date,
        -- The date is checked in full above, so its text begins with the month.
        left(day_date, 4) as day_year,
        exact_integer(day_hour) as day_hour,
        exact_integer(active_follower_count) as active_follower_count,
        clean_text(active_follower_count_state) as active_follower_count_state
    from source
)

select
    _row,
    day_date,
    day_year,
    day_hour,
    active_follower_count,
    active_follower_count_state
from typed
