-- The sources that saw the touches of a deal, by number. Grain: one row a touch
-- and source.
with listed as (
	select j.touch_no
	from journey_touch j
	where j.deal_no = $deal_no
	union
	select t.touch_no
	from touch t
	where (t.account_id = $account_id and t.account_id <> '') or (t.deal_id = $deal_id and t.deal_id <> '')
)
select distinct s.touch_no, s.source
from listed l
join touch_source s on s.touch_no = l.touch_no
order by s.touch_no, s.source
