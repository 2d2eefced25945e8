-- One row: how many people stand in several records, and how many records those
-- are; the same of accounts.
with joined as (
    select count(*) as records
    from ref r
    where r.stream = 'accounts'
    group by r.id
    having count(*) > 1
)
select
    (select count(distinct m.person_id) from person_merge m),
    (select count(distinct m.source || ' ' || m.source_id) from person_merge m),
    (select count(*) from joined),
    (select cast(coalesce(sum(j.records), 0) as bigint) from joined j)
