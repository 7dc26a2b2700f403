-- From the genders of followers to typed parts.
-- `source` holds the contract's columns as text; `_row` is the record's ordinal in the file.
with typed as (
    select
        _row,
        clean_text(gender_reported) as gender_reported,
        exact_decimal(follower_share) as follower_share,
        clean_text(follower_pct_state) as follower_pct_state
    from source
),

named as (
    select
        typed.*,
        genders.gender as known_gender
    from typed
    left join tiktok_genders as genders
        on genders.alias = alias_key(typed.gender_reported)
)

select
    _row,
    coalesce(known_gender, alias_key(gender_reported)) as gender,
    gender_reported,
    known_gender is not null as is_known_gender,
    follower_share,
    100 * follower_share as follower_pct,
    follower_pct_state
from named
