-- From the days of a visit's socials to typed rows.
-- `source` holds the contract's columns as text; `_row` is the row's ordinal in the visit.
select
    _row,
    iso_date(click_date) as click_date,
    -- The date is checked in full above, so its text begins with the month.
    left(click_date, 4) as click_year,
    clean_text(social_name) as social_name,
    exact_integer(clicks) as clicks
from source
