-- Neighbours equal in channel, campaign, post and rep become the first of them.
-- Withheld touches never merge with others, else a person's credit would move.
-- Milestones are looked for afterwards: the last kept touch at or before a time
-- is the first of the run that holds the last touch at or before it, so a run's
-- milestone stays with the run. Grain: one row a deal and kept touch.
create or replace temp view path as
with neighbour as (
	select
		p.deal_no, p.touch_no, t.channel, t.campaign_id, t.post_id, t.rep_id, p.withheld,
		lag(t.channel) over w as channel_before, lag(t.campaign_id) over w as campaign_before,
		lag(t.post_id) over w as post_before, lag(t.rep_id) over w as rep_before, lag(p.withheld) over w as withheld_before
	from pair p
	join touch t on t.touch_no = p.touch_no
	window w as (partition by p.deal_no order by p.touch_no)
)
select
	p.deal_no, p.touch_no, p.closed_age, p.before_creation, p.before_lead, p.channel_key, p.direct, p.person_key, p.by_rep, p.withheld
from pair p
join neighbour n on n.deal_no = p.deal_no and n.touch_no = p.touch_no
where n.channel_before is null
	or n.channel <> n.channel_before or n.campaign_id <> n.campaign_before or n.post_id <> n.post_before
	or n.rep_id <> n.rep_before or n.withheld <> n.withheld_before
