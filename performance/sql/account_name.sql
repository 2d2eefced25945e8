-- The account's name, when the reader may see one of its deals.
select coalesce(a.name, '')
from account a
where a.account_id = $id
  and exists (
      select 1 from deal d
      join visible_rep v on v.user_id = $user_id and v.rep_id = d.membership_id
      where d.account_id = a.account_id
  )
