-- One row per deal and eligible touch, in order.
create or replace view said.journey as
select
    x.deal_id, x.touch_id, x.position, x.touches, x.is_first, x.is_lead, x.is_creation, x.is_close, nullif(x.bucket, '') as bucket, x.occurred_at, x.kind, x.channel, nullif(x.campaign_id, '') as campaign_id, nullif(x.post_id, '') as post_id, nullif(x.rep_id, '') as rep_id, nullif(x.person_id, '') as person_id, x.evidence
from main.journey x
