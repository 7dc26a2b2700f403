-- Clicks on each social of an account's link page per day: a part of the page's clicks.
select
    'linktree' as source,
    account_id,
    click_date,
    social_name,
    click_year,
    clicks as social_clicks,
    is_provisional,
    _file_id,
    _row,
    as_of,
    landed_at
from stg_linktree__socials_daily
