-- One row an actor that occurs.
select distinct a.actor
from audit a
order by a.actor
