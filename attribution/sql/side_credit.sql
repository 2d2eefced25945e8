-- The ledger of today under one model, in the reporting currency; SIDE says
-- under which settings. Grain: one row a credit.
create or replace temp table /*side*/_credit as
select
	c.deal_id, c.touch_id, case when c.touch_id = '' then c.bucket else '' end as part,
	c.channel, c.campaign_id, c.post_id, c.rep_id, coalesce(c.reporting_minor, 0) as minor
from (/*credit*/) c
where c.counted_at >= $from and c.counted_at < $to
