-- From Meta's listing of ad sets to typed rows.
-- `source` holds the contract's columns as text; `_row` is the object's ordinal in the file.
-- Times come with a zone, which the parser has read: here they are seconds since 1970 in UTC.
select
    _row,
    clean_text(adset_id) as adset_id,
    clean_text(campaign_id) as campaign_id,
    clean_text(adset_name) as adset_name,
    clean_text(status) as status,
    clean_text(effective_status) as effective_status,
    clean_text(ad_account_id) as ad_account_id,
    clean_text(optimization_goal) as optimization_goal,
    clean_text(billing_event) as billing_event,
    exact_integer(daily_budget_minor) as daily_budget_minor,
    exact_integer(lifetime_budget_minor) as lifetime_budget_minor,
    clean_text(bid_strategy) as bid_strategy,
    exact_integer(bid_amount_minor) as bid_amount_minor,
    clean_text(pacing_types) as pacing_types,
    clean_text(destination_type) as destination_type,
    clean_text(target_countries) as target_countries,
    exact_integer(target_age_min) as target_age_min,
    exact_integer(target_age_max) as target_age_max,
    clean_text(target_platforms) as target_platforms,
    clean_text(targeting_json) as targeting_json,
    make_timestamptz(1000000 * exact_integer(start_at)) as start_at,
    make_timestamptz(1000000 * exact_integer(stop_at)) as stop_at,
    make_timestamptz(1000000 * exact_integer(created_at)) as created_at,
    make_timestamptz(1000000 * exact_integer(updated_at)) as updated_at
from source
