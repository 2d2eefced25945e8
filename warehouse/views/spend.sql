-- One row per day, channel, campaign, kind and source.
create or replace view said.spend as
select
    s.day, s.channel, nullif(s.campaign_id, '') as campaign_id, said.money(s.amount_minor, c.to_milli) as amount, s.currency,
    said.money(s.reporting_minor, rc.to_milli) as reporting_amount, s.kind, s.source
from main.spend s
cross join main.reporting r
left join main.currency c on c.code = s.currency
left join main.currency rc on rc.code = r.currency
