-- From the top territories of followers to typed parts.
-- `source` holds the contract's columns as text; `_row` is the record's ordinal in the file.
with typed as (
    select
        _row,
        clean_text(territory_reported) as territory_reported,
        exact_decimal(follower_share) as follower_share,
        clean_text(follower_pct_state) as follower_pct_state
    from source
)

select
    _row,
    -- What is no code is the row of all the rest, in whatever language; two of them are an error.
    case
        when regexp_full_match(territory_reported, '[A-Za-z]{2}') then normal_country(territory_reported)
        else 'other'
    end as territory_code,
    territory_reported,
    follower_share,
    100 * follower_share as follower_pct,
    follower_pct_state
from typed
