-- Their ledger under one model. Grain: one row a credit.
insert into reported_credit (closing, model, deal_id, position, touch_id, bucket, weight, amount_minor, reporting_minor)
select
	cast($closing as bigint), c.model, c.deal_id, c.position, c.touch_id, c.bucket, c.weight, c.amount_minor, c.reporting_minor
from (/*credit*/) c
where c.counted_at >= $from and c.counted_at < $to
order by c.deal_no, c.position
