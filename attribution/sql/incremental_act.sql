-- The acts that incremental learns from: what may earn, and newsletters that were
-- opened. Grain: one row a touch.
--
-- day      since 1970; a touch acts from the next day on.
-- sub      what a channel's touches are told apart by: their campaign, else the
--          kind of act and whether a post was seen.
-- marker   shows interest that nobody caused.
-- follows  another act of the account, not of our own reps, came in the days
--          before.
-- Where journeys stands below, the accounts may be only those of step.
with known as (
	select
		t.touch_no, t.account_id, cast(date_diff('day', timestamp '1970-01-01 00:00:00', t.occurred_at) as integer) as day, t.channel,
		case
			when t.campaign_id <> '' then t.campaign_id
			else case when t.kind = 'form' then 'visit' else t.kind end || case when t.post_id <> '' then ' of a post' else '' end
		end as sub,
		t.earns or t.withheld as earns,
		t.channel = 'Direct' or t.kind = 'open' as marker,
		case when t.channel <> 'Sales' then cast(date_diff('day', timestamp '1970-01-01 00:00:00', t.occurred_at) as integer) end as own_day
	from touch t
	where (t.earns or t.withheld or t.reason = 'opened only')/*journeys*/
)
select
	k.touch_no, k.account_id, k.day, k.channel, k.sub, k.earns and k.channel <> 'Direct' as earns, k.marker,
	coalesce(k.account_id <> '' and k.day - max(k.own_day) over (
		partition by k.account_id order by k.day range between unbounded preceding and 1 preceding
	) <= cast($follow_days as integer), false) as follows
from known k
