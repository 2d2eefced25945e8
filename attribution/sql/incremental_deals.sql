-- The deals of the accounts of incremental in order of their creation, each once
-- a move and at least once. Grain: one row a deal and move.
select
	c.account_no, d.deal_id, cast(date_diff('day', timestamp '1970-01-01 00:00:00', d.created_at) as integer) - cast($first_day as integer) as created,
	case
		when d.status in ('won', 'lost') and d.closed_at is not null
		then cast(date_diff('day', timestamp '1970-01-01 00:00:00', d.closed_at) as integer) - cast($first_day as integer)
	end as closed,
	d.owner_rep_id, coalesce(abs(d.reporting_minor), 0) as amount_minor,
	m.day - cast($first_day as integer) as moved, m.stage, m.forward
from incremental_account c
join deal d on d.account_id = c.account_id
left join incremental_move m on m.deal_id = d.deal_id
where d.created_at is not null
order by c.account_no, d.created_at, d.deal_id, m.stage
