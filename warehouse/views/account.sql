-- One row per account.
create or replace view said.account as
select
    x.account_id, x.name, nullif(x.domain, '') as domain, nullif(x.parent_account_id, '') as parent_account_id, nullif(x.industry, '') as industry, x.employees, nullif(x.country, '') as country, nullif(x.region, '') as region, nullif(x.segment, '') as segment
from main.account x
