-- From Meta's listing of campaigns to typed rows.
-- `source` holds the contract's columns as text; `_row` is the object's ordinal in the file.
-- Times come with a zone, which the parser has read: here they are seconds since 1970 in UTC.
select
    _row,
    clean_text(campaign_id) as campaign_id,
    clean_text(campaign_name) as campaign_name,
    clean_text(status) as status,
    clean_text(effective_status) as effective_status,
    clean_text(ad_account_id) as ad_account_id,
    clean_text(objective) as objective,
    clean_text(buying_type) as buying_type,
    exact_integer(daily_budget_minor) as daily_budget_minor,
    exact_integer(lifetime_budget_minor) as lifetime_budget_minor,
    clean_text(bid_strategy) as bid_strategy,
    exact_integer(spend_cap_minor) as spend_cap_minor,
    make_timestamptz(1000000 * exact_integer(start_at)) as start_at,
    make_timestamptz(1000000 * exact_integer(stop_at)) as stop_at,
    make_timestamptz(1000000 * exact_integer(created_at)) as created_at,
    make_timestamptz(1000000 * exact_integer(updated_at)) as updated_at
from source
