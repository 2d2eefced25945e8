-- A stage change for every deal that was synced with another stage than before.
-- A deal whose source tells its stage history keeps that alone. The id begins
-- with "sync:", so that what was seen and what was told stay apart.
insert into stage_changes (source, source_id, deal_id, stage, changed_at, rep_id, synced_at, deleted)
select $source, 'sync:' || m.deal_id || '|' || m.stage || '|' || cast(m.changed_at as varchar), m.deal_id, m.stage, m.changed_at, m.rep_id, cast($at as timestamp), false
from moved_deal m
where not exists (
    select 1
    from stage_changes c
    where c.source = $source and c.deal_id = m.deal_id and c.source_id not like 'sync:%'
)
