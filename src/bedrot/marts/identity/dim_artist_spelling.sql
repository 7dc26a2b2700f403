-- Every artist as a distributor writes the name, and the artist whom the lake takes it for.
with reported as (
    select
        source,
        artist_name,
        count(*) as line_count,
        min(sale_month) as first_sale_month,
        max(sale_month) as last_sale_month
    from fct_royalty_line
    where artist_name is not null
    group by
        source,
        artist_name
)

select
    reported.source,
    reported.artist_name,
    -- An unknown spelling is an artist of its own.
    coalesce(known.artist, reported.artist_name) as artist,
    coalesce(known.artist_key, spelling_key(reported.artist_name)) as artist_key,
    known.artist is not null as is_known,
    reported.line_count,
    reported.first_sale_month,
    reported.last_sale_month
from reported
left join cfg_artist_spelling as known
    on known.spelling_key = spelling_key(reported.artist_name)
