-- The acts of the accounts of incremental by day; equal acts of a day are one.
-- Grain: one row an account, day, cell and flags.
select distinct
	c.account_no, a.day - cast($first_day as integer) as day,
	case when a.earns then coalesce(o.cell, w.cell) else -1 end as cell, a.marker, a.follows
from incremental_act a
join incremental_account c on c.account_id = a.account_id
left join incremental_common o on o.channel = a.channel and o.sub = a.sub
left join incremental_common w on w.channel = a.channel and w.sub = ''
where a.day >= cast($first_day as integer)
order by 1, 2, 3, 4, 5
