-- From the totals since a page was made to a typed row.
-- `source` holds the contract's columns as text; `_row` is the row's ordinal in the visit.
select
    _row,
    exact_integer(views) as views,
    exact_integer(clicks) as clicks,
    exact_integer(profile_clicks) as profile_clicks,
    exact_integer(social_clicks) as social_clicks,
    exact_integer(subscribers) as subscribers,
    exact_decimal(click_through_rate) as click_through_rate
from source
