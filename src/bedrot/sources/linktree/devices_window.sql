-- From the kinds of devices of a visit to typed rows.
-- `source` holds the contract's columns as text; `_row` is the row's ordinal in the visit.
select
    _row,
    iso_date(window_start) as window_start,
    iso_date(window_end) as window_end,
    -- The date is checked in full above, so its text begins with the month.
    left(window_end, 4) as window_year,
    clean_text(device_name) as device_name,
    exact_integer(views) as views,
    exact_integer(clicks) as clicks,
    exact_decimal(click_through_rate) as click_through_rate,
    clean_text(window_from) as window_from
from source
