-- The deals whose credits are others than then, most moved money first: what
-- rose or what fell, whichever is more. Grain: one row a deal.
select
	d.deal_id, d.name, coalesce(a.name, ''), d.status, d.was, d.has, d.then_amount, d.then_currency, d.now_amount, d.now_currency, d.then_closed, d.now_closed,
	d.came, d.went, d.altered, d.rate, d.withheld, d.erased, d.merged, d.late,
	s.cause, s.then_minor, s.now_minor, s.rule_minor, s.rest_minor, s.rule_up, s.rule_down, s.rest_up, s.rest_down
from (
	select
		c.deal_id, min(c.cause) as cause, cast(sum(c.then_minor) as bigint) as then_minor, cast(sum(c.now_minor) as bigint) as now_minor,
		cast(sum(c.rule_minor) as bigint) as rule_minor, cast(sum(c.rest_minor) as bigint) as rest_minor,
		cast(sum(greatest(c.now_minor - c.then_minor, 0)) as bigint) as up_minor, cast(sum(greatest(c.then_minor - c.now_minor, 0)) as bigint) as down_minor,
		cast(sum(greatest(c.rule_minor, 0)) as bigint) as rule_up, cast(sum(greatest(-c.rule_minor, 0)) as bigint) as rule_down,
		cast(sum(greatest(c.rest_minor, 0)) as bigint) as rest_up, cast(sum(greatest(-c.rest_minor, 0)) as bigint) as rest_down
	from restated_credit c
	group by c.deal_id
) s
join restated_deal d on d.deal_id = s.deal_id
left join account a on a.account_id = d.account_id
where s.rule_up + s.rule_down + s.rest_up + s.rest_down > 0
order by greatest(s.up_minor, s.down_minor) desc, d.deal_id
