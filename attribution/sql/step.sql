-- The touches of every journey, numbered. Grain: one row a deal and touch.
create or replace temp table step as
select
	p.deal_no, p.touch_no,
	row_number() over (partition by p.deal_no order by p.touch_no) as position,
	t.occurred_at, t.channel, t.channel <> 'Direct' as nondirect, t.person_id, t.rep_id, t.withheld
from path p
join counting_touch t on t.touch_no = p.touch_no
