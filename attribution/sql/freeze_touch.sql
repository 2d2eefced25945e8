-- Their journeys, with people by number. Grain: one row a deal and touch.
insert into reported_touch (
	closing, deal_id, position, touch_id, person_no, occurred_at, kind, channel, campaign_id, post_id, rep_id, evidence, bucket, withheld
)
select
	cast($closing as bigint), d.deal_id, j.position, t.touch_id, p.person_no, t.occurred_at, t.kind, t.channel, t.campaign_id, t.post_id, t.rep_id,
	t.evidence, j.bucket, j.withheld
from journey_touch j
join journey_deal d on d.deal_no = j.deal_no
join touch t on t.touch_no = j.touch_no
left join reported_person p on p.person_id = t.person_id and p.closing = $closing
where d.status = 'won' and d.counted_at >= $from and d.counted_at < $to
order by d.deal_no, j.position
