-- Everything that must not come back. Grain: one row an identity.
select t.kind, t.mark, t.stub, t.keeps_domain, t.erased_at
from tombstone t
order by t.erased_at, t.kind, t.mark
