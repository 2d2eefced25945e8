-- One row per product.
create or replace table product as
select
    r.id as product_id, coalesce(p.name, r.id) as name, p.list_price_minor, p.unit_cost_minor,
    coalesce(p.currency, $currency) as currency
from products p
join ref r on r.stream = 'products' and r.source = p.source and r.source_id = p.source_id
where not p.deleted
