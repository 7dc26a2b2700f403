-- From the subscribers of a visit to typed rows.
-- `source` holds the contract's columns as text; `_row` is the row's ordinal in the visit.
select
    _row,
    iso_date(subscriber_date) as subscriber_date,
    -- The date is checked in full above, so its text begins with the month.
    left(subscriber_date, 4) as subscriber_year,
    clean_text(subscriber_kind) as subscriber_kind,
    exact_integer(subscribers_total) as subscribers_total,
    exact_integer(subscriber_clicks) as subscriber_clicks,
    exact_integer(daily_total) as daily_total
from source
