-- The addresses of our own people: reps and users.
select r.email
from reps r
where r.email is not null
union
select u.email
from users u
order by 1
