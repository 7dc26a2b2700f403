-- From the viewers by day to typed rows.
-- `source` holds the contract's columns as text; `_row` is the record's ordinal in the file.
with typed as (
    select
        _row,
        iso_date(day_date) as day_date,
        -- The date is checked in full above, so its text begins with the month.
        left(day_date, 4) as day_year,
        exact_integer(viewer_count) as viewer_count,
        clean_text(viewer_count_state) as viewer_count_state,
        exact_integer(new_viewer_count) as new_viewer_count,
        clean_text(new_viewer_count_state) as new_viewer_count_state,
        exact_integer(returning_viewer_count) as returning_viewer_count,
        clean_text(returning_viewer_count_state) as returning_viewer_count_state
    from source
)

select
    _row,
    day_date,
    day_year,
    viewer_count,
    viewer_count_state,
    new_viewer_count,
    new_viewer_count_state,
    returning_viewer_count,
    returning_viewer_count_state
from typed
