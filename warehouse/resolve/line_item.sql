-- One row per line item of a known deal.
create or replace table line_item as
select
    l.source_id as line_id,
    coalesce(de.id, da.id) as deal_id,
    coalesce(pe.id, pa.id, '') as product_id,
    l.quantity_micro, l.unit_price_micro, l.discount_percent, l.unit_cost_micro
from line_items l
left join ref de on de.stream = 'deals' and de.source = l.source and de.source_id = l.deal_id
left join ref_any da on da.stream = 'deals' and da.source_id = l.deal_id
left join ref pe on pe.stream = 'products' and pe.source = l.source and pe.source_id = l.product_id
left join ref_any pa on pa.stream = 'products' and pa.source_id = l.product_id
where not l.deleted and coalesce(de.id, da.id) is not null
