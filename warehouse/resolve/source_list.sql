-- Every source that has ever been read, in the order of its last configuration.
select s.source
from source_state s
order by s.priority, s.source
