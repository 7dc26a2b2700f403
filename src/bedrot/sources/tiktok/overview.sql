-- From the overview by day to typed rows.
-- `source` holds the contract's columns as text; `_row` is the record's ordinal in the file.
with typed as (
    select
        _row,
        iso_date(day_date) as day_date,
        -- The date is checked in full above, so its text begins with the month.
        left(day_date, 4) as day_year,
        exact_integer(video_view_count) as video_view_count,
        clean_text(video_view_count_state) as video_view_count_state,
        exact_integer(profile_view_count) as profile_view_count,
        clean_text(profile_view_count_state) as profile_view_count_state,
        exact_integer(like_count) as like_count,
        clean_text(like_count_state) as like_count_state,
        exact_integer(comment_count) as comment_count,
        clean_text(comment_count_state) as comment_count_state,
        exact_integer(share_count) as share_count,
        clean_text(share_count_state) as share_count_state,
        exact_integer(reached_audience_count) as reached_audience_count,
        clean_text(reached_audience_count_state) as reached_audience_count_state,
        exact_integer(phone_click_count) as phone_click_count,
        clean_text(phone_click_count_state) as phone_click_count_state,
        exact_integer(lead_count) as lead_count,
        clean_text(lead_count_state) as lead_count_state,
        exact_integer(net_follower_count) as net_follower_count,
        clean_text(net_follower_count_state) as net_follower_count_state,
        exact_integer(new_follower_count) as new_follower_count,
        clean_text(new_follower_count_state) as new_follower_count_state,
        exact_integer(lost_follower_count) as lost_follower_count,
        clean_text(lost_follower_count_state) as lost_follower_count_state
    from source
)

select
    _row,
    day_date,
    day_year,
    video_view_count,
    video_view_count_state,
    profile_view_count,
    profile_view_count_state,
    like_count,
    like_count_state,
    comment_count,
    comment_count_state,
    share_count,
    share_count_state,
    reached_audience_count,
    reached_audience_count_state,
    phone_click_count,
    phone_click_count_state,
    lead_count,
    lead_count_state,
    net_follower_count,
    net_follower_count_state,
    new_follower_count,
    new_follower_count_state,
    lost_follower_count,
    lost_follower_count_state
from typed
