-- Written by `python -m bedrot.sources.metaads.definitions` from templates/insight_actions.sql.template.
-- From the actions of insights, lifetime, to typed rows, with the one type that counts for its result.
-- `source` holds the contract's columns as text; `_row` is the action's ordinal in the file.
with typed as (
    select
        _row,
        clean_text(level) as level,
        clean_text(entity_id) as entity_id,
        iso_date(period_start) as period_start,
        iso_date(period_stop) as period_stop,
        clean_text(action_type) as action_type,
        clean_text(attribution_window) as attribution_window,
        exact_integer(action_count) as action_count,
        exact_decimal(action_value) as action_value,
        cast(exact_decimal(cost_per_action) as double) as cost_per_action,
        upper(clean_text(currency_code)) as currency_code,
        clean_text(ad_account_id) as ad_account_id,
        clean_text(campaign_id) as campaign_id,
        clean_text(adset_id) as adset_id,
        clean_text(ad_id) as ad_id
    from source
),

named as (
    select
        typed.*,
        coalesce(types.result, typed.action_type) as result,
        types.result is not null as is_known_type,
        -- A type that nobody knows is the only one of its result.
        coalesce(exact_integer(types.preference), 1) as preference
    from typed
    left join action_types as types
        on types.alias = alias_key(typed.action_type)
),

ranked as (
    select
        named.*,
        -- A type of which only a value or a cost is told does not hide another one's count.
        row_number() over (
            partition by level, entity_id, attribution_window, result
            order by action_count is null, preference, action_type
        ) as place
    from named
)

select
    _row,
    level,
    entity_id,
    period_start,
    period_stop,
    action_type,
    attribution_window,
    result,
    is_known_type,
    -- The row that stands for no action at all is no result.
    place = 1 and action_type <> 'none' as is_counted,
    action_count,
    action_value,
    cost_per_action,
    currency_code,
    ad_account_id,
    campaign_id,
    adset_id,
    ad_id
from ranked
