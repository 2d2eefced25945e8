-- One row per rep or team and period.
create or replace view said.quota as
select
    nullif(q.rep_id, '') as rep_id, nullif(q.team_id, '') as team_id, q.period, q.period_from, q.period_to,
    said.money(q.amount_minor, c.to_milli) as amount, q.currency, said.money(q.reporting_minor, rc.to_milli) as reporting_amount
from main.quota q
cross join main.reporting r
left join main.currency c on c.code = q.currency
left join main.currency rc on rc.code = r.currency
