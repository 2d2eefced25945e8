-- The accounts that incremental learns from: all, or of many some that chance
-- picked, the same every time. Grain: one row an account.
create or replace temp table incremental_account as
with listed as (
	select a.account_id from incremental_act a where a.account_id <> ''
	union
	select d.account_id from deal d where d.account_id <> ''
),
picked as (
	select l.account_id, md5(l.account_id) as place
	from listed l
	order by place, l.account_id
	limit cast($accounts as bigint)
)
select
	cast(row_number() over (order by p.place, p.account_id) - 1 as integer) as account_no, p.account_id,
	coalesce(a.industry, '') as industry, coalesce(a.region, '') as region, coalesce(a.segment, '') as segment,
	cast(coalesce(a.employees, 0) as bigint) as employees
from picked p
left join account a on a.account_id = p.account_id
