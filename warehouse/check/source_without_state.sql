-- records belong to a source that no run has stored
select count(*), coalesce(min(x.source), '')
from (
    select source from deals
    union
    select source from contacts
    union
    select source from activities
    union
    select source from engagements
    union
    select source from visits
) x
where x.source not in (select s.source from source_state s)
