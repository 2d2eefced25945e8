-- What a deal's line items cost, in 10^-6 units: in the deal's currency and,
-- for products costed in the reporting currency, in that. missing counts lines
-- of which neither the line nor its product has a usable cost.
create or replace temporary table deal_cost as
select
    l.deal_id,
    sum(case when l.unit_cost_micro is null then 0 else 1 end) as by_line,
    sum(case when l.unit_cost_micro is null and (p.unit_cost_minor is null or p.currency not in (d.currency, $currency)) then 1 else 0 end) as missing,
    coalesce(sum(case
        when l.unit_cost_micro is not null then round_div(cast(coalesce(l.quantity_micro, 1000000) as hugeint) * l.unit_cost_micro, 1000000::hugeint)
        when p.currency = d.currency then round_div(cast(coalesce(l.quantity_micro, 1000000) as hugeint) * p.unit_cost_minor, power_of_ten(pc.exponent))
    end), 0) as deal_currency_micro,
    coalesce(sum(case
        when l.unit_cost_micro is null and p.currency <> d.currency and p.currency = $currency
        then round_div(cast(coalesce(l.quantity_micro, 1000000) as hugeint) * p.unit_cost_minor, power_of_ten(pc.exponent))
    end), 0) as reporting_micro,
    count(*) as lines
from line_item l
join deal_record d on d.deal_id = l.deal_id
left join product p on p.product_id = l.product_id
left join currency pc on pc.code = p.currency
group by l.deal_id
