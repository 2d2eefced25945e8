-- an account stands twice
select count(*), coalesce(min(x.account_id), '')
from (select a.account_id from account a group by a.account_id having count(*) > 1) x
