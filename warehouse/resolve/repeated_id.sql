-- Ids of acts that two sources have: the later source's gets its name before it.
create or replace temporary table repeated_id as
select 'activities' as stream, source_id from activities where not deleted group by source_id having count(*) > 1
union all
select 'engagements' as stream, source_id from engagements where not deleted group by source_id having count(*) > 1
union all
select 'visits' as stream, source_id from visits where not deleted group by source_id having count(*) > 1
