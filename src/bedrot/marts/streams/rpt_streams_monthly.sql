-- Streams per month and store, and how many of its days they are made from.
select
    source,
    account_id,
    store,
    stream_month,
    sum(streams) as streams,
    count(*) as day_count,
    sum(case when is_provisional then 1 else 0 end) as provisional_day_count,
    extract(day from last_day(min(stream_date))) as calendar_day_count,
    min(stream_date) as first_stream_date,
    max(stream_date) as last_stream_date
from fct_streams_daily
group by source, account_id, store, stream_month
