-- One row per act that may earn credit.
create or replace view said.touch as
select
    x.touch_id, x.occurred_at, x.kind, x.channel, nullif(x.campaign_id, '') as campaign_id, nullif(x.post_id, '') as post_id, nullif(x.rep_id, '') as rep_id, case when x.person_id not in (select n.id from main.nameless n) then nullif(x.person_id, '') end as person_id, nullif(x.account_id, '') as account_id, nullif(x.deal_id, '') as deal_id, x.evidence, nullif(x.direction, '') as direction, x.earns, nullif(x.reason, '') as reason, nullif(x.title, '') as title, x.source, x.records
from main.touch x
