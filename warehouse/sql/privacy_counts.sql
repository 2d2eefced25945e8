-- People by what may be shown of them. Stand-ins begin with ~, those of retention
-- with ~past; the mark of the key is nobody's.
select
    count(case when p.person_id not like '~%' and not p.opted_out then 1 end),
    count(case when p.person_id not like '~%' and p.opted_out then 1 end),
    (select count(distinct t.stub) from tombstone t where t.kind not in ('past', 'key')),
    count(case when p.person_id like '~past%' then 1 end),
    count(case when p.person_id not like '~%' and not p.opted_out and p.lawful_basis = '' then 1 end)
from person p
