-- Written by `python -m bedrot.sources.metaads.definitions` from templates/insights.sql.template.
-- From insights of campaigns, daily, to typed rows.
-- `source` holds the contract's columns as text; `_row` is the object's ordinal in the file.
select
    _row,
    clean_text(campaign_id) as campaign_id,
    iso_date(insight_date) as insight_date,
    -- The date is checked in full above, so its text begins with the month.
    left(insight_date, 4) as insight_year,
    clean_text(ad_account_id) as ad_account_id,
    clean_text(campaign_name) as campaign_name,
    exact_decimal(campaign_spend) as campaign_spend,
    upper(clean_text(currency_code)) as currency_code,
    exact_integer(campaign_impressions) as campaign_impressions,
    exact_integer(campaign_clicks) as campaign_clicks,
    exact_integer(campaign_inline_link_clicks) as campaign_inline_link_clicks,
    exact_integer(campaign_reach) as campaign_reach,
    exact_integer(campaign_unique_clicks) as campaign_unique_clicks,
    -- Quotients that Meta worked out and rounded: doubles, which nobody adds.
    cast(exact_decimal(campaign_frequency) as double) as campaign_frequency,
    cast(exact_decimal(campaign_ctr_pct) as double) as campaign_ctr_pct,
    cast(exact_decimal(campaign_unique_ctr_pct) as double) as campaign_unique_ctr_pct,
    cast(exact_decimal(campaign_cpc) as double) as campaign_cpc,
    cast(exact_decimal(campaign_cpm) as double) as campaign_cpm,
    cast(exact_decimal(campaign_cpp) as double) as campaign_cpp,
    cast(exact_decimal(campaign_cost_per_unique_click) as double) as campaign_cost_per_unique_click
from source
