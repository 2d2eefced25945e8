-- The touches of every journey, numbered, with what is known of each. Grain: one
-- row a deal and touch.
create or replace temp table step as
select
	p.deal_no, p.touch_no, cast(row_number() over (partition by p.deal_no order by p.touch_no) as integer) as position,
	t.occurred_at, t.channel, not p.direct as nondirect, t.person_id, t.rep_id, p.withheld
from path p
join touch t on t.touch_no = p.touch_no
