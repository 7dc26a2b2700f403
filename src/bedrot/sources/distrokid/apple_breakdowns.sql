-- From the top lists and shares of an Apple Music page to typed rows.
-- `source` holds the contract's columns as text; `_row` is the point's ordinal over all charts.
with typed as (
    select
        _row,
        clean_text(scope) as scope,
        clean_text(surface) as surface,
        iso_date(window_start) as window_start,
        iso_date(window_end) as window_end,
        left(window_end, 7) as window_month,
        clean_text(item_key) as item_key,
        clean_text(item_id) as item_id,
        clean_text(item_name) as item_name,
        exact_integer(position) as position,
        exact_integer(streams) as streams,
        exact_integer(surface_total) as surface_total
    from source
)

select
    _row,
    scope,
    surface,
    window_start,
    window_end,
    window_month,
    case when surface = 'countries' then normal_country(item_key) else item_key end as item_key,
    item_id,
    case when surface = 'countries' then normal_country(item_name) else item_name end as item_name,
    position,
    streams,
    surface_total
from typed
