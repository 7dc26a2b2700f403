-- Every account, captured or only listed, under its one name.
select
    source,
    account_id,
    artist,
    time_zone,
    is_known,
    bool_or(is_captured) as is_captured,
    count(*) as spelling_count
from cfg_account_spelling
group by
    source,
    account_id,
    artist,
    time_zone,
    is_known
