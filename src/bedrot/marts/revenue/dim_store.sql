-- Every store as a distributor reports it, and what the lake makes of the name.
select
    source,
    store_reported,
    store,
    use_type,
    commercial_model,
    is_known_store,
    min(sale_month) as first_sale_month,
    max(sale_month) as last_sale_month
from fct_royalty_line
group by
    source,
    store_reported,
    store,
    use_type,
    commercial_model,
    is_known_store
