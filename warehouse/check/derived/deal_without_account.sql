-- a deal belongs to an account that does not exist
select count(*), coalesce(min(d.deal_id), '')
from deal d
where d.account_id <> '' and d.account_id not in (select a.account_id from account a)
