-- The contacts whom an admin opted out.
select o.id
from opt_out o
where o.kind = 'contact'
order by 1
