-- How many stage changes stage_history.sql is about to store.
select count(*)
from moved_deal m
where not exists (
    select 1
    from stage_changes c
    where c.source = $source and c.deal_id = m.deal_id and c.source_id not like 'sync:%'
)
