-- What an account's posts and profile drew per day on social platforms, and its followers.
with levels as (
    select
        account_id,
        day_date,
        follower_count,
        follower_count_state,
        is_provisional,
        _file_id,
        _row,
        as_of,
        landed_at
    from stg_tiktok__follower_history
),

followers as (
    select
        later.account_id,
        later.day_date,
        later.follower_count,
        later.follower_count_state,
        -- The difference that exports print looks back in some and forward in others: it is derived.
        later.follower_count - earlier.follower_count as derived_follower_net_change,
        case
            when later.follower_count is null then 'no level'
            when earlier.follower_count is null then 'no level of the day before'
        end as derived_follower_net_change_state,
        later.is_provisional or coalesce(earlier.is_provisional, false) as is_provisional,
        later._file_id,
        later._row,
        earlier._file_id as _before_file_id,
        earlier._row as _before_row,
        later.as_of,
        later.landed_at
    from levels as later
    -- Over a gap the difference would be that of several days, which no day may have.
    left join levels as earlier
        on earlier.account_id = later.account_id
        and cast(earlier.day_date + interval 1 day as date) = later.day_date
)

select
    'tiktok' as source,
    coalesce(days.account_id, followers.account_id) as account_id,
    'TikTok' as platform,
    coalesce(days.day_date, followers.day_date) as social_date,
    -- A date's text begins with its month.
    left(cast(coalesce(days.day_date, followers.day_date) as varchar), 7) as social_month,
    days.video_view_count as view_count,
    case
        when days.account_id is null then 'day not told' else days.video_view_count_state
    end as view_count_state,
    days.profile_view_count,
    case
        when days.account_id is null then 'day not told' else days.profile_view_count_state
    end as profile_view_count_state,
    days.like_count,
    case
        when days.account_id is null then 'day not told' else days.like_count_state
    end as like_count_state,
    days.comment_count,
    case
        when days.account_id is null then 'day not told' else days.comment_count_state
    end as comment_count_state,
    days.share_count,
    case
        when days.account_id is null then 'day not told' else days.share_count_state
    end as share_count_state,
    followers.follower_count,
    case
        when followers.account_id is null then 'day not told' else followers.follower_count_state
    end as follower_count_state,
    followers.derived_follower_net_change,
    case
        when followers.account_id is null then 'no level'
        else followers.derived_follower_net_change_state
    end as derived_follower_net_change_state,
    coalesce(days.is_provisional, false)
        or coalesce(followers.is_provisional, false) as is_provisional,
    days._file_id,
    days._row,
    followers._file_id as _follower_file_id,
    followers._row as _follower_row,
    followers._before_file_id as _follower_before_file_id,
    followers._before_row as _follower_before_row,
    coalesce(days.as_of, followers.as_of) as as_of,
    coalesce(days.landed_at, followers.landed_at) as landed_at
from stg_tiktok__overview as days
full outer join followers
    on followers.account_id = days.account_id
    and followers.day_date = days.day_date
