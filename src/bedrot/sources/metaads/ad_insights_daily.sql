-- Written by `python -m bedrot.sources.metaads.definitions` from templates/insights.sql.template.
-- From insights of ads, daily, to typed rows.
-- `source` holds the contract's columns as text; `_row` is the object's ordinal in the file.
select
    _row,
    clean_text(ad_id) as ad_id,
    iso_date(insight_date) as insight_date,
    -- The date is checked in full above, so its text begins with the month.
    left(insight_date, 4) as insight_year,
    clean_text(ad_account_id) as ad_account_id,
    clean_text(campaign_id) as campaign_id,
    clean_text(campaign_name) as campaign_name,
    clean_text(adset_id) as adset_id,
    clean_text(adset_name) as adset_name,
    clean_text(ad_name) as ad_name,
    exact_decimal(ad_spend) as ad_spend,
    upper(clean_text(currency_code)) as currency_code,
    exact_integer(ad_impressions) as ad_impressions,
    exact_integer(ad_clicks) as ad_clicks,
    exact_integer(ad_inline_link_clicks) as ad_inline_link_clicks,
    exact_integer(ad_reach) as ad_reach,
    exact_integer(ad_unique_clicks) as ad_unique_clicks,
    -- Quotients that Meta worked out and rounded: doubles, which nobody adds.
    cast(exact_decimal(ad_frequency) as double) as ad_frequency,
    cast(exact_decimal(ad_ctr_pct) as double) as ad_ctr_pct,
    cast(exact_decimal(ad_unique_ctr_pct) as double) as ad_unique_ctr_pct,
    cast(exact_decimal(ad_cpc) as double) as ad_cpc,
    cast(exact_decimal(ad_cpm) as double) as ad_cpm,
    cast(exact_decimal(ad_cpp) as double) as ad_cpp,
    cast(exact_decimal(ad_cost_per_unique_click) as double) as ad_cost_per_unique_click
from source
