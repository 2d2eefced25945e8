-- a user is named in the visibility list who may not sign in
select count(*), coalesce(min(v.user_id), '')
from visible_rep v
where v.user_id <> '*' and v.user_id not in (select u.user_id from users u where not u.disabled)
