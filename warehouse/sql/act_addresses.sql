-- Every address that took part in anything.
select a.email from activities a where a.email is not null
union
select p.email from activity_people p where p.email is not null
union
select e.email from engagements e where e.email is not null
union
select v.email from visits v where v.email is not null
order by 1
