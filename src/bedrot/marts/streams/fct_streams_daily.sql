-- What an account's music was streamed per day and store, as the statistics pages show it.
with daily as (
    select
        'distrokid' as source,
        'Spotify' as store,
        account_id,
        scope,
        stream_date,
        stream_month,
        streams,
        is_provisional,
        _file_id,
        _row,
        as_of,
        landed_at
    from stg_distrokid__spotify_daily
    union all
    select
        'distrokid' as source,
        'Apple Music' as store,
        account_id,
        scope,
        stream_date,
        stream_month,
        streams,
        is_provisional,
        _file_id,
        _row,
        as_of,
        landed_at
    from stg_distrokid__apple_daily
    union all
    select
        'toolost' as source,
        'Spotify' as store,
        account_id,
        'all' as scope,
        stream_date,
        stream_month,
        streams,
        is_provisional,
        _file_id,
        _row,
        as_of,
        landed_at
    from stg_toolost__spotify_daily
    -- A day of which TooLost tells nothing has a row there, and is unknown here.
    where streams is not null
    union all
    select
        'toolost' as source,
        'Apple Music' as store,
        account_id,
        'all' as scope,
        stream_date,
        stream_month,
        streams,
        is_provisional,
        _file_id,
        _row,
        as_of,
        landed_at
    from stg_toolost__apple_daily
    -- A day of which TooLost tells nothing has a row there, and is unknown here.
    where streams is not null
)

select
    source,
    account_id,
    store,
    stream_date,
    stream_month,
    streams,
    is_provisional,
    _file_id,
    _row,
    as_of,
    landed_at
from daily
-- A page of one track or album is a part of the account's streams, which hold it already.
where scope = 'all'
