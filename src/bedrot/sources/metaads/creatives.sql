-- From Meta's listing of creatives to typed rows.
-- `source` holds the contract's columns as text; `_row` is the object's ordinal in the file.
select
    _row,
    clean_text(creative_id) as creative_id,
    clean_text(creative_name) as creative_name,
    clean_text(creative_status) as creative_status,
    clean_text(headline) as headline,
    clean_text(body) as body,
    clean_text(object_type) as object_type,
    clean_text(object_story_id) as object_story_id,
    clean_text(effective_object_story_id) as effective_object_story_id,
    clean_text(call_to_action_type) as call_to_action_type,
    clean_text(link_url) as link_url,
    clean_text(instagram_permalink_url) as instagram_permalink_url
from source
