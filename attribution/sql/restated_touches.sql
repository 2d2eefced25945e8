-- What each touch of one deal was credited then and is today. A touch whose
-- channel, campaign, post or rep changed stands twice. Grain: one row a credit.
select
	c.part, c.touch_id, coalesce(t.position, 0), coalesce(n.position, 0), coalesce(n.occurred_at, t.occurred_at), coalesce(n.kind, t.kind, ''),
	c.channel, c.campaign_id, coalesce(m.name, c.campaign_id), c.then_minor, c.now_minor, c.rule_minor, c.rest_minor,
	coalesce(t.erased, false)
from restated_credit c
left join then_touch t on t.deal_id = c.deal_id and t.touch_id = c.touch_id
left join now_touch n on n.deal_id = c.deal_id and n.touch_id = c.touch_id
left join campaign m on m.campaign_id = c.campaign_id
where c.deal_id = $deal_id
order by
	case c.part when '' then 0 when 'withheld' then 1 else 2 end, coalesce(n.occurred_at, t.occurred_at), coalesce(n.position, t.position), c.touch_id, c.then_minor desc
