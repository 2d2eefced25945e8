-- a deal belongs to a team in which its owner never was
select count(*), coalesce(min(d.deal_id), '')
from deal d
where d.owner_rep_id in (select r.rep_id from rep r) and not exists (
    select 1
    from membership m
    where m.membership_id = d.membership_id and m.rep_id = d.owner_rep_id and m.team_id = d.team_id
)
