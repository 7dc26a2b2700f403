-- From the history of followers to typed levels by day.
-- `source` holds the contract's columns as text; `_row` is the record's ordinal in the file.
with typed as (
    select
        _row,
        iso_date(day_date) as day_date,
        -- The date is checked in full above, so its text begins with the month.
        left(day_date, 4) as day_year,
        exact_integer(follower_count) as follower_count,
        clean_text(follower_count_state) as follower_count_state,
        exact_integer(new_follower_count) as new_follower_count,
        clean_text(new_follower_count_state) as new_follower_count_state,
        exact_integer(reached_audience_count) as reached_audience_count,
        clean_text(reached_audience_count_state) as reached_audience_count_state,
        exact_integer(engaged_audience_count) as engaged_audience_count,
        clean_text(engaged_audience_count_state) as engaged_audience_count_state
    from source
)

select
    _row,
    day_date,
    day_year,
    follower_count,
    follower_count_state,
    new_follower_count,
    new_follower_count_state,
    reached_audience_count,
    reached_audience_count_state,
    engaged_audience_count,
    engaged_audience_count_state
from typed
