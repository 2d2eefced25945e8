-- What the touches of some won deals belong to, in the order of
-- incremental_journeys. Grain: one row a deal and touch that may have an effect.
select w.deal_no, s.position, w.reporting_minor, t.channel, t.campaign_id, t.rep_id
from deal_window w
join step s on s.deal_no = w.deal_no
join touch t on t.touch_no = s.touch_no
join incremental_act a on a.touch_no = s.touch_no
join incremental_cell c on c.channel = a.channel and c.sub = ''
where w.status = 'won' and w.amount_minor is not null and w.reporting_minor is not null and w.created_at is not null and a.earns
	and w.deal_no % cast($each as bigint) = 0
order by w.deal_no, s.position
