-- a rep was in a team who does not exist, or in one that does not
select count(*), coalesce(min(m.rep_id), '')
from membership m
where m.rep_id not in (select r.rep_id from rep r) or m.team_id <> '' and m.team_id not in (select t.team_id from team t)
