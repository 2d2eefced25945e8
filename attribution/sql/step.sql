-- The touches of every journey, numbered, with what is known of each. Grain: one
-- row a deal and touch.
create or replace temp table step as
select
	p.deal_no, p.touch_no, cast(p.row_no - h.first_row + 1 as integer) as position,
	t.occurred_at, t.channel, not p.direct as nondirect, t.person_id, t.rep_id, p.withheld
from numbered_path p
join journey_shape h on h.deal_no = p.deal_no
join touch t on t.touch_no = p.touch_no
