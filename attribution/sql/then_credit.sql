-- The ledger of a closing under one model, in the reporting currency. Grain: one
-- row a credit. part is empty of a touch, else withheld or unattributed.
create or replace temp table then_credit as
select
	c.deal_id, c.touch_id, case when c.touch_id = '' then c.bucket else '' end as part,
	coalesce(t.channel, '') as channel, coalesce(t.campaign_id, '') as campaign_id, coalesce(t.post_id, '') as post_id, coalesce(t.rep_id, '') as rep_id,
	coalesce(c.reporting_minor, 0) as minor
from reported_credit c
left join reported_touch t on t.deal_id = c.deal_id and t.touch_id = c.touch_id and t.closing = $closing
where c.closing = $closing and c.model = $model
