-- One row per product on a deal, in the deal's currency; prices of a unit to the
-- millionth.
create or replace view said.line_item as
select
    l.line_id, l.deal_id, nullif(l.product_id, '') as product_id,
    said.micro(l.quantity_micro) as quantity, said.micro(l.unit_price_micro) as unit_price, l.discount_percent, said.micro(l.unit_cost_micro) as unit_cost
from main.line_item l
