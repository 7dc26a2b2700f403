-- From the links that a visit names to typed rows.
-- `source` holds the contract's columns as text; `_row` is the row's ordinal in the visit.
select
    _row,
    clean_text(link_id) as link_id,
    clean_text(title) as title,
    clean_text(is_active) = 'true' as is_active,
    clean_text(url) as url
from source
