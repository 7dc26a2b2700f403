-- From Meta's listing of ads to typed rows.
-- `source` holds the contract's columns as text; `_row` is the object's ordinal in the file.
-- Times come with a zone, which the parser has read: here they are seconds since 1970 in UTC.
select
    _row,
    clean_text(ad_id) as ad_id,
    clean_text(campaign_id) as campaign_id,
    clean_text(adset_id) as adset_id,
    clean_text(creative_id) as creative_id,
    clean_text(ad_name) as ad_name,
    clean_text(status) as status,
    clean_text(effective_status) as effective_status,
    clean_text(ad_account_id) as ad_account_id,
    clean_text(pixel_ids) as pixel_ids,
    clean_text(post_ids) as post_ids,
    clean_text(tracking_specs_json) as tracking_specs_json,
    make_timestamptz(1000000 * exact_integer(created_at)) as created_at,
    make_timestamptz(1000000 * exact_integer(updated_at)) as updated_at
from source
