-- One row per group with a quota in the period, from quota_day, in which every
-- quota is spread over its working days: a year is the sum of its quarters to
-- the minor unit. For the company as a whole it is the quota of the topmost
-- teams the reader sees entirely, plus that of the reps outside them. A rep's
-- quota is of the team the rep was in on the day.
-- with: seen_team, seen_rep, span
select
    p.span || case when $by = 'company' then '' else q.key end as key,
    cast(sum(q.reporting_minor) as bigint) as quota_minor,
    max(p.days) as days, max(p.days_gone) as days_gone
from quota_day q
join span p on q.day >= p.from_day and q.day < p.to_day
left join seen_rep r on q.grain = 'rep' and r.rep_id = q.key and q.day >= r.from_day and q.day < r.until_day
left join team t on q.grain = 'team' and t.team_id = q.key
where (q.grain = 'team' or r.rep_id is not null)
  and (q.grain = 'rep' or q.key in (select s.team_id from seen_team s))
  and case
        when $by = 'rep' or $by = 'company' and $rep_id <> '' then
            q.grain = 'rep' and ($rep_id = '' or q.key = $rep_id)
            and ($team_id = '' or r.team_id in (select c.team_id from team_closure c where c.ancestor_team_id = $team_id))
        when $by = 'team' then
            q.grain = 'team'
            and ($team_id = '' or q.key in (select c.team_id from team_closure c where c.ancestor_team_id = $team_id))
        when $by = 'company' and $team_id <> '' then
            q.grain = 'team' and q.key = $team_id
        when $by = 'company' and q.grain = 'team' then
            t.parent_team_id not in (select s.team_id from seen_team s)
        when $by = 'company' then
            r.team_id not in (select s.team_id from seen_team s)
        else false
    end
group by 1
