-- One row per deal. source is where the lead came from; reporting_amount and cost
-- are in the reporting currency, null where the currency has no rate.
create or replace view said.deal as
select
    d.deal_id, nullif(d.account_id, '') as account_id, 
    case when d.primary_contact_id not in (select n.id from main.nameless n) then nullif(d.primary_contact_id, '') end as primary_contact_id,
    case when d.primary_person_id not in (select n.id from main.nameless n) then nullif(d.primary_person_id, '') end as primary_person_id,
    nullif(d.owner_rep_id, '') as owner_rep_id, nullif(d.team_id, '') as team_id, d.name, nullif(d.pipeline, '') as pipeline, nullif(d.stage, '') as stage, d.status, nullif(d.type, '') as type,
    nullif(d.deal_source, '') as source,
    said.money(d.amount_minor, c.to_milli) as amount,
    d.currency,
    said.money(d.reporting_minor, rc.to_milli) as reporting_amount,
    d.rate_day,
    said.money(d.cost_minor, rc.to_milli) as cost,
    nullif(d.cost_basis, '') as cost_basis,
    d.created_at, d.created_day, d.expected_close_on, d.closed_at, d.closed_day, d.updated_at,
    nullif(d.forecast_category, '') as forecast_category, d.probability, nullif(d.lost_reason, '') as lost_reason, nullif(d.region, '') as region, nullif(d.segment, '') as segment
from main.deal d
cross join main.reporting r
left join main.currency c on c.code = d.currency
left join main.currency rc on rc.code = r.currency
