-- What an exclusion rule may name besides channels: campaigns and reps by name,
-- and the kinds of touch. Grain: one row a rule.
select s.rule, s.what
from (
	select 1 as place, 'campaign=' || c.campaign_id as rule, 'campaign ' || coalesce(c.name, c.campaign_id) as what
	from campaign c
	union all
	select 2, 'rep=' || r.rep_id, 'touches of ' || coalesce(r.name, r.rep_id)
	from rep r
	union all
	select 3, 'kind=' || t.kind, 'touches of the kind ' || t.kind
	from (select distinct x.kind from touch x) t
) s
order by s.place, s.what, s.rule
limit 1000
