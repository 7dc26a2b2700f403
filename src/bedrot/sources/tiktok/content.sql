-- From the list of posts to typed totals.
-- `source` holds the contract's columns as text; `_row` is the record's ordinal in the file.
with typed as (
    select
        _row,
        clean_text(post_id) as post_id,
        iso_date(counted_date) as counted_date,
        clean_text(post_type) as post_type,
        make_timestamptz(1000000 * exact_integer(post_created_at)) as post_created_at,
        iso_date(post_date) as post_date,
        clean_text(post_day_reported) as post_day_reported,
        clean_text(post_url) as post_url,
        clean_text(post_title) as post_title,
        exact_integer(video_view_count) as video_view_count,
        clean_text(video_view_count_state) as video_view_count_state,
        exact_integer(like_count) as like_count,
        clean_text(like_count_state) as like_count_state,
        exact_integer(comment_count) as comment_count,
        clean_text(comment_count_state) as comment_count_state,
        exact_integer(share_count) as share_count,
        clean_text(share_count_state) as share_count_state,
        exact_integer(favorite_count) as favorite_count,
        clean_text(favorite_count_state) as favorite_count_state,
        clean_text(total_play_time_reported) as total_play_time_reported,
        clean_text(average_watch_time_reported) as average_watch_time_reported,
        clean_text(watched_full_reported) as watched_full_reported
    from source
)

select
    _row,
    post_id,
    counted_date,
    post_type,
    post_created_at,
    post_date,
    post_day_reported,
    post_url,
    post_title,
    video_view_count,
    video_view_count_state,
    like_count,
    like_count_state,
    comment_count,
    comment_count_state,
    share_count,
    share_count_state,
    favorite_count,
    favorite_count_state,
    total_play_time_reported,
    average_watch_time_reported,
    watched_full_reported
from typed
