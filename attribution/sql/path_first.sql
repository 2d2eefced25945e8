-- Only the first touch of each channel, campaign, post and rep. Grain: one row a
-- deal and kept touch.
create or replace temp view path as
with earliest as (
	select p.deal_no, min(p.touch_no) as touch_no
	from pair p
	join touch t on t.touch_no = p.touch_no
	group by p.deal_no, t.channel, t.campaign_id, t.post_id, t.rep_id, p.withheld
)
select
	p.deal_no, p.touch_no, p.closed_age, p.before_creation, p.before_lead, p.channel_key, p.direct, p.person_key, p.by_rep, p.withheld
from pair p
join earliest e on e.deal_no = p.deal_no and e.touch_no = p.touch_no
