-- One row per product.
create or replace view said.product as
select p.product_id, p.name, said.money(p.list_price_minor, c.to_milli) as list_price, said.money(p.unit_cost_minor, c.to_milli) as unit_cost, p.currency
from main.product p
left join main.currency c on c.code = p.currency
