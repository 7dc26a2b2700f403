-- Every artist, listed or reported, under one name.
with spelled as (
    select
        artist_key,
        artist,
        spelling_key,
        true as is_known,
        0 as line_count
    from cfg_artist_spelling
    union all
    select
        artist_key,
        artist,
        spelling_key(artist_name) as spelling_key,
        is_known,
        line_count
    from dim_artist_spelling
)

select
    artist_key,
    -- Unknown spellings that differ in capitals only are one artist, under one of them.
    min(artist) as artist,
    bool_or(is_known) as is_known,
    count(distinct spelling_key) as spelling_count,
    sum(line_count) as line_count
from spelled
group by artist_key
