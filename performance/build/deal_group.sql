-- deal_group: one row per deal, breakdown and group it belongs to, with the
-- group's share of the deal's amount in the reporting currency.
--   company  every deal, key ''
--   team     the deal's team and every team above it
--   manager  the rep who manages the deal's team
--   rep      the deal's owner
--   product  each product of its line items; the amount is shared by the value
--            of the items, cut by running sums so that the shares add up to it,
--            and in equal parts when the items have no value
create or replace table deal_group as
with item as (
    select
        l.deal_id, l.product_id,
        cast(sum(greatest(coalesce(cast(round(1e-10 * l.quantity_micro * l.unit_price_micro
            * (1e0 - coalesce(l.discount_percent, 0) / 1e2)) as bigint), 0), 0)) as bigint) as value
    from line_item l
    where l.product_id <> ''
    group by l.deal_id, l.product_id
),
weighed as (
    select
        i.deal_id, i.product_id,
        case when sum(i.value) over (partition by i.deal_id) = 0 then 1 else i.value end as weight
    from item i
),
run as (
    select
        w.deal_id, w.product_id, w.weight,
        cast(sum(w.weight) over (partition by w.deal_id order by w.product_id rows unbounded preceding) as bigint) as upto,
        cast(sum(w.weight) over (partition by w.deal_id) as bigint) as total
    from weighed w
),
product_share as (
    select
        r.deal_id, r.product_id,
        case when d.reporting_minor < 0 then -1 else 1 end * (
            split_share(abs(d.reporting_minor), r.upto, r.total) - split_share(abs(d.reporting_minor), r.upto - r.weight, r.total)
        ) as share_minor
    from run r
    join deal d on d.deal_id = r.deal_id
)
select cast('company' as varchar) as breakdown, cast('' as varchar) as key, d.deal_id, cast(d.reporting_minor as bigint) as share_minor
from deal d
union all
select 'team', coalesce(c.ancestor_team_id, d.team_id), d.deal_id, d.reporting_minor
from deal d
left join team_closure c on c.team_id = d.team_id
union all
select 'manager', coalesce(t.manager_rep_id, ''), d.deal_id, d.reporting_minor
from deal d
left join team t on t.team_id = d.team_id
union all
select 'rep', d.owner_rep_id, d.deal_id, d.reporting_minor
from deal d
union all
select 'product', coalesce(p.product_id, ''), d.deal_id, case when p.deal_id is null then d.reporting_minor else p.share_minor end
from deal d
left join product_share p on p.deal_id = d.deal_id
