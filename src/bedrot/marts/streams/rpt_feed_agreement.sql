-- Units of sales lines beside the daily figures of the same plays: compared, never added.
with sold as (
    select
        account_id,
        store,
        sale_month,
        sum(units) as sold_units,
        sum(deducted_units) as deducted_units
    from rpt_revenue_monthly
    where
        source = 'distrokid'
        and use_type = 'stream'
        -- Of the other stores there are no daily figures to agree with.
        and store in ('Spotify', 'Apple Music')
    group by account_id, store, sale_month
),

shown as (
    select
        account_id,
        store,
        stream_month,
        sum(streams) as daily_streams,
        max(day_count) as day_count,
        max(provisional_day_count) as provisional_day_count,
        max(calendar_day_count) as calendar_day_count
    from rpt_streams_monthly
    where source = 'distrokid'
    group by account_id, store, stream_month
),

compared as (
    select
        coalesce(sold.account_id, shown.account_id) as account_id,
        coalesce(sold.store, shown.store) as store,
        coalesce(sold.sale_month, shown.stream_month) as sale_month,
        coalesce(shown.stream_month, sold.sale_month) as stream_month,
        sold.sold_units,
        sold.deducted_units,
        shown.daily_streams,
        shown.day_count,
        shown.provisional_day_count,
        shown.calendar_day_count
    from sold
    full outer join shown
        on sold.account_id = shown.account_id
        and sold.store = shown.store
        and sold.sale_month = shown.stream_month
)

select
    account_id,
    store,
    sale_month,
    stream_month,
    sold_units,
    deducted_units,
    daily_streams,
    day_count,
    calendar_day_count,
    sold_units - daily_streams as difference_units,
    case
        when daily_streams > 0
            then cast(sold_units - daily_streams as double) / cast(daily_streams as double)
    end as difference_ratio,
    case
        when daily_streams is null then 'no page shows this month'
        when sold_units is null then 'no sales lines yet: stores report a month later, or more'
        when day_count < calendar_day_count
            then 'the pages show only some days of the month'
        when provisional_day_count > 0 then 'the newest days still grow'
        when abs(sold_units - daily_streams) * 10 > daily_streams
            then 'the feeds differ by more than a tenth, which estimates do not explain'
        when deducted_units > 0
            then 'deductions are left out, as they repeat plays; what is left comes from estimates '
                || 'by day against settled reports by month'
        else 'daily figures are estimates; sales lines are settled, and booked by the store''s month'
    end as why
from compared
