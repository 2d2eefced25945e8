-- One row an action that occurs.
select distinct a.action
from audit a
order by a.action
