-- What people did because of the ads, per campaign, day, result and attribution window.
select
    'metaads' as source,
    account_id,
    entity_id as campaign_id,
    insight_date,
    insight_year,
    attribution_window,
    result,
    action_type,
    is_known_type,
    action_count as campaign_result_count,
    currency_code,
    action_value as campaign_result_value,
    -- No amount is called dollars unless the file says so.
    case when currency_code = 'USD' then action_value end as campaign_result_value_usd,
    is_provisional,
    _file_id,
    _row,
    as_of,
    landed_at
from stg_metaads__insight_actions_daily
where
    level = 'campaign'
    -- Meta tells one result under several types, which hold each other.
    and is_counted
