-- Whose deals a user sees, one row per user and owner ('' owns what nobody
-- owns): rep_id is a membership_id, so a rep, with what is theirs in the team of
-- today, or a rep in a team they left, with what was closed there. Reps see their
-- own of all times. '*' is the command line. A user is a rep, and the manager of teams, as
-- an administrator said, or else by the e-mail of the rep record. Deals without owner are seen by cmos and by the
-- manager of the one team above all others; an admin alone sees none.
create or replace table visible_rep as
with person as (
    select u.user_id, u.rep_id, lower(trim(u.email)) as email, ';' || replace(lower(u.roles), ' ', '') || ';' as roles
    from users u
    where not u.disabled
),
own as (
    select p.user_id, p.roles, r.rep_id
    from person p
    join rep r on case when p.rep_id is not null then r.rep_id = p.rep_id else r.email = p.email and r.email <> '' end
),
everyone as (
    select distinct m.membership_id as rep_id from membership m
    union all
    select '' as rep_id
),
root as (
    select min(t.team_id) as team_id
    from team t
    where t.parent_team_id = ''
    having count(*) = 1
),
led as (
    select o.user_id, t.team_id
    from own o
    join team t on t.manager_rep_id = o.rep_id
    where o.roles like '%;manager;%'
)
select '*' as user_id, e.rep_id
from everyone e
union
select p.user_id, e.rep_id
from person p
cross join everyone e
where p.roles like '%;cmo;%'
union
select o.user_id, m.membership_id
from own o
join membership m on m.rep_id = o.rep_id
where o.roles like '%;rep;%' or o.roles like '%;manager;%'
union
select l.user_id, m.membership_id
from led l
join team_closure c on c.ancestor_team_id = l.team_id
join membership m on m.team_id = c.team_id
union
select l.user_id, '' as rep_id
from led l
join root t on t.team_id = l.team_id
