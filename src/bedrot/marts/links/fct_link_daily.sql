-- How often an account's link page was seen and clicked per day.
select
    'linktree' as source,
    account_id,
    visit_date,
    visit_year,
    views,
    clicks,
    daily_unique_views,
    daily_unique_clicks,
    cast(click_through_rate as double) as click_through_rate,
    is_provisional,
    _file_id,
    _row,
    as_of,
    landed_at
from stg_linktree__profile_daily
