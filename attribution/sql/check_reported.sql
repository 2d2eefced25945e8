-- What is wrong with what closings kept. Grain: one row a broken invariant and
-- model.
with summed as (
	select
		c.closing, c.model, c.deal_id, count(*) as credits, count(distinct c.position) as positions,
		count(case when c.bucket = 'unattributed' then 1 end) as unattributed,
		cast(sum(c.amount_minor) as bigint) as amount_minor, cast(sum(c.reporting_minor) as bigint) as reporting_minor
	from reported_credit c
	group by c.closing, c.model, c.deal_id
),
wrong as (
	select 'what a closing kept sums to the amount of every deal' as invariant, s.model, d.deal_id as example
	from reported_deal d
	join summed s on s.closing = d.closing and s.deal_id = d.deal_id
	where d.amount_minor is null or s.amount_minor <> d.amount_minor or s.reporting_minor is distinct from d.reporting_minor
	union all
	select 'a closing kept every deal with an amount under every model', '', d.deal_id
	from reported_deal d
	join closed_period p on p.closing = d.closing
	left join (select s.closing, s.deal_id, count(*) as models from summed s group by s.closing, s.deal_id) s on s.closing = d.closing and s.deal_id = d.deal_id
	where d.amount_minor is not null and coalesce(s.models, 0) <> 1 + length(p.models) - length(replace(p.models, ',', ''))
	union all
	select 'no credit that a closing kept stands twice', s.model, s.deal_id
	from summed s
	where s.credits <> s.positions or s.unattributed <> 1
	union all
	select 'a credit that a closing kept belongs to a touch that it kept', c.model, c.touch_id
	from reported_credit c
	left join (
		select t.closing, t.deal_id, t.touch_id, count(*) as kept
		from reported_touch t
		group by t.closing, t.deal_id, t.touch_id
	) t on t.closing = c.closing and t.deal_id = c.deal_id and t.touch_id = c.touch_id
	where c.touch_id <> '' and coalesce(t.kept, 0) <> 1
)
select w.invariant, w.model, count(*) as broken_rows, min(w.example) as example
from wrong w
group by w.invariant, w.model
order by w.invariant, w.model
