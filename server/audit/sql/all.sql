-- Every row, the oldest first.
select a.seq, a.happened_at, a.actor, a.action, a.object, a.detail, a.previous, a.hash
from audit a
order by a.seq, a.hash
