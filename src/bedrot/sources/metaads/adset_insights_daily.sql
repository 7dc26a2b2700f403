-- Written by `python -m bedrot.sources.metaads.definitions` from templates/insights.sql.template.
-- From insights of ad sets, daily, to typed rows.
-- `source` holds the contract's columns as text; `_row` is the object's ordinal in the file.
select
    _row,
    clean_text(adset_id) as adset_id,
    iso_date(insight_date) as insight_date,
    -- The date is checked in full above, so its text begins with the month.
    left(insight_date, 4) as insight_year,
    clean_text(ad_account_id) as ad_account_id,
    clean_text(campaign_id) as campaign_id,
    clean_text(campaign_name) as campaign_name,
    clean_text(adset_name) as adset_name,
    exact_decimal(adset_spend) as adset_spend,
    upper(clean_text(currency_code)) as currency_code,
    exact_integer(adset_impressions) as adset_impressions,
    exact_integer(adset_clicks) as adset_clicks,
    exact_integer(adset_inline_link_clicks) as adset_inline_link_clicks,
    exact_integer(adset_reach) as adset_reach,
    exact_integer(adset_unique_clicks) as adset_unique_clicks,
    -- Quotients that Meta worked out and rounded: doubles, which nobody adds.
    cast(exact_decimal(adset_frequency) as double) as adset_frequency,
    cast(exact_decimal(adset_ctr_pct) as double) as adset_ctr_pct,
    cast(exact_decimal(adset_unique_ctr_pct) as double) as adset_unique_ctr_pct,
    cast(exact_decimal(adset_cpc) as double) as adset_cpc,
    cast(exact_decimal(adset_cpm) as double) as adset_cpm,
    cast(exact_decimal(adset_cpp) as double) as adset_cpp,
    cast(exact_decimal(adset_cost_per_unique_click) as double) as adset_cost_per_unique_click
from source
