-- From the days of a visit's overviews to typed rows.
-- `source` holds the contract's columns as text; `_row` is the row's ordinal in the visit.
select
    _row,
    iso_date(visit_date) as visit_date,
    -- The date is checked in full above, so its text begins with the month.
    left(visit_date, 4) as visit_year,
    exact_integer(views) as views,
    exact_integer(clicks) as clicks,
    exact_integer(daily_unique_views) as daily_unique_views,
    exact_integer(daily_unique_clicks) as daily_unique_clicks,
    exact_decimal(click_through_rate) as click_through_rate
from source
