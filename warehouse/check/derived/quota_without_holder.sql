-- a quota belongs to a rep or a team that does not exist
select count(*), coalesce(min(q.rep_id || q.team_id), '')
from quota q
where q.rep_id <> '' and q.rep_id not in (select r.rep_id from rep r)
    or q.team_id <> '' and q.team_id not in (select t.team_id from team t)
