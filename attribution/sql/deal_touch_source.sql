-- The source rows behind the touches of a deal. Grain: one row a touch and
-- source.
select distinct s.touch_id, s.source
from touch_source s
join touch t on t.touch_id = s.touch_id
left join journey_touch j on j.deal_no = $deal_no and j.touch_no = t.touch_no
where j.touch_no is not null or (t.account_id = $account_id and $account_id <> '') or (t.deal_id = $deal_id)
order by s.touch_id, s.source
