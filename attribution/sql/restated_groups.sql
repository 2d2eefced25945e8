-- What each channel, campaign, post or rep was credited then and is today, and by
-- how much each cause moved it. KEY is the column that tells them apart. Grain:
-- one row a group: kind '' named, 'none', 'withheld' or 'unattributed'.
with placed as (
	select
		case when c.part <> '' then c.part when c./*key*/ = '' then 'none' else '' end as kind, c./*key*/ as id,
		c.then_minor, c.now_minor, c.rule_minor, c.rest_minor, c.cause
	from restated_credit c
),
summed as (
	select
		p.kind, p.id, cast(sum(p.then_minor) as bigint) as then_minor, cast(sum(p.now_minor) as bigint) as now_minor,
		cast(sum(p.rule_minor + case when p.cause = 'rule' then p.rest_minor else 0 end) as bigint) as rule_minor/*sums*/
	from placed p
	group by p.kind, p.id
)
select
	s.kind, s.id, coalesce(/*name*/, s.id), s.then_minor, s.now_minor, s.rule_minor/*answers*/
from summed s/*names*/
order by case s.kind when '' then 0 when 'none' then 1 when 'withheld' then 2 else 3 end, abs(s.now_minor - s.then_minor) desc, s.id
