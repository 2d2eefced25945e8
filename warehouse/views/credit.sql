-- The ledger: one row per model, won deal and touch, and what went to no touch.
create or replace view said.credit as
select
    x.model, x.deal_id, nullif(x.touch_id, '') as touch_id, x.position, nullif(x.channel, '') as channel, nullif(x.campaign_id, '') as campaign_id,
    nullif(x.post_id, '') as post_id, nullif(x.rep_id, '') as rep_id, nullif(x.evidence, '') as evidence, nullif(x.bucket, '') as bucket, x.weight,
    said.money(x.amount_minor, c.to_milli) as amount, x.currency, said.money(x.reporting_minor, rc.to_milli) as reporting_amount
from main.credit x
cross join main.reporting r
left join main.currency c on c.code = x.currency
left join main.currency rc on rc.code = r.currency
