-- One row a source: what it is and where its last successful run ended.
merge into source_state t
using (select $source as source, $kind as kind, cast($priority as integer) as priority, $cursor as cursor, cast($at as timestamp) as synced_at) s
on t.source = s.source
when matched then update set kind = s.kind, priority = s.priority, cursor = s.cursor, synced_at = s.synced_at
when not matched then insert (source, kind, priority, cursor, synced_at) values (s.source, s.kind, s.priority, s.cursor, s.synced_at)
