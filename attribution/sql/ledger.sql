-- The ledger of one model for the deals won in a period: deals in scope, and
-- what own touches earned on others, without the deal: those of the time in which the
-- reader sees the rep. Grain: one row a credit.
with seen_rep as (
	select m.rep_id, m.from_at, m.until_at
	from membership m
	where m.membership_id in (select v.rep_id from visible_rep v where v.user_id = $user_id)
)
select
	c.model, c.deal_id, c.touch_id, c.position, c.channel, c.campaign_id, c.post_id, c.rep_id, c.evidence, c.bucket, c.weight,
	c.amount_minor, c.currency, c.reporting_minor
from (
	select
		c.model, c.deal_id, c.touch_id, c.position, c.channel, c.campaign_id, c.post_id, c.rep_id, c.evidence, c.bucket, c.weight,
		c.amount_minor, c.currency, c.reporting_minor, c.deal_no, c.position as place
	from (/*credit*/) c
	where c.counted_at >= $from and c.counted_at < $to
		and c.membership_id in (select v.rep_id from visible_rep v where v.user_id = $user_id)
	union all
	-- The weight and the place in the journey would tell the deal's amount.
	select
		c.model, '', c.touch_id, 0, c.channel, c.campaign_id, c.post_id, c.rep_id, c.evidence, c.bucket, null,
		c.amount_minor, c.currency, c.reporting_minor, c.deal_no, c.position
	from (/*credit*/) c
	join seen_rep s on s.rep_id = c.rep_id and c.occurred_at >= s.from_at and c.occurred_at < s.until_at
	where c.counted_at >= $from and c.counted_at < $to
		and c.rep_id <> ''
		and c.membership_id not in (select v.rep_id from visible_rep v where v.user_id = $user_id)
) c
order by c.deal_id, c.deal_no, c.place
