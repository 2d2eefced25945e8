-- Keeps a tombstone; one that is there stays as it is.
insert into tombstone (kind, mark, stub, keeps_domain, erased_at)
select x.kind, x.mark, x.stub, x.keeps_domain, x.erased_at
from (
    select
        cast($kind as varchar) as kind, cast($mark as varchar) as mark, cast($stub as varchar) as stub,
        cast($keeps_domain as boolean) as keeps_domain, cast($erased_at as timestamp) as erased_at
) x
where not exists (select 1 from tombstone t where t.kind = x.kind and t.mark = x.mark)
