-- From the recordings of the portal's Apple Music response to typed rows.
-- `source` holds the contract's columns as text; `_row` is the recording's ordinal in its list.
with typed as (
    select
        _row,
        iso_date(window_start) as window_start,
        iso_date(window_end) as window_end,
        left(window_end, 7) as window_month,
        normal_isrc(isrc) as isrc,
        reported_isrc(isrc) as isrc_reported,
        clean_text(track_title) as track_title,
        clean_text(release_title) as release_title,
        clean_text(cover_url) as cover_url,
        exact_integer(streams) as streams
    from source
)

select
    _row,
    window_start,
    window_end,
    window_month,
    -- Titles name a recording only where no code does.
    coalesce(isrc, '|' || coalesce(track_title, '')) as recording_key,
    -- One recording may stand on two releases.
    coalesce(release_title, '') as release_key,
    isrc,
    isrc_reported,
    track_title,
    release_title,
    cover_url,
    streams
from typed
