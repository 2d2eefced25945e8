-- The sources whose cursor was taken back, in one text; empty when there are
-- none. One that was never read is none of them.
select coalesce(string_agg(s.source, ', ' order by s.source), '')
from source_state s
where s.cursor = '' and s.synced_at is not null and exists (select 1 from upkeep u where u.deed <> 'backup' and u.done_at >= s.synced_at)
