-- Every rep with the name that the first source says. Grain: one row a rep.
select r.rep_id, coalesce(min_by(p.name, f.priority) filter (where p.name is not null), r.rep_id)
from rep r
left join ref f on f.stream = 'reps' and f.id = r.rep_id
left join reps p on p.source = f.source and p.source_id = f.source_id
group by r.rep_id
order by lower(coalesce(min_by(p.name, f.priority) filter (where p.name is not null), r.rep_id)), r.rep_id
