-- The accounts of incremental in their order. Grain: one row an account.
select a.industry, a.region, a.segment, a.employees
from incremental_account a
order by a.account_no
