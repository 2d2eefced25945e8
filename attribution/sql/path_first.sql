-- Only the first touch of each channel, campaign, post and rep. Grain: one row a
-- deal and kept touch.
create or replace temp table path as
select p.deal_no, min(p.touch_no) as touch_no
from pair p
join counting_touch t on t.touch_no = p.touch_no
group by p.deal_no, t.channel, t.campaign_id, t.post_id, t.rep_id, t.withheld
