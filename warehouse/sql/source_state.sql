-- One row per source that was ever read, also when every run of it failed, with
-- the records and rejected rows it has here.
with known as (
    select s.source, s.kind, s.priority, s.synced_at
    from source_state s
    union all
    select r.source, max(r.kind), 1000000, cast(null as timestamp)
    from run r
    where r.source not in (select s.source from source_state s)
    group by r.source
),
held as (
    select x.source, cast(sum(x.n) as bigint) as records
    from (
        select source, count(*) as n from reps where not deleted group by source
        union all
        select source, count(*) as n from teams where not deleted group by source
        union all
        select source, count(*) as n from accounts where not deleted group by source
        union all
        select source, count(*) as n from contacts where not deleted group by source
        union all
        select source, count(*) as n from deals where not deleted group by source
        union all
        select source, count(*) as n from deal_contacts where not deleted group by source
        union all
        select source, count(*) as n from stage_changes where not deleted group by source
        union all
        select source, count(*) as n from products where not deleted group by source
        union all
        select source, count(*) as n from line_items where not deleted group by source
        union all
        select source, count(*) as n from activities where not deleted group by source
        union all
        select source, count(*) as n from activity_people where not deleted group by source
        union all
        select source, count(*) as n from posts where not deleted group by source
        union all
        select source, count(*) as n from post_metrics where not deleted group by source
        union all
        select source, count(*) as n from engagements where not deleted group by source
        union all
        select source, count(*) as n from visits where not deleted group by source
        union all
        select source, count(*) as n from web_daily where not deleted group by source
        union all
        select source, count(*) as n from campaigns where not deleted group by source
        union all
        select source, count(*) as n from campaign_metrics where not deleted group by source
        union all
        select source, count(*) as n from spend_records where not deleted group by source
        union all
        select source, count(*) as n from quotas where not deleted group by source
        union all
        select source, count(*) as n from currency_rates where not deleted group by source
    ) x
    group by x.source
),
refused as (
    select j.source, count(*) as rows_rejected
    from rejected_row j
    group by j.source
)
select k.source, k.kind, k.priority, k.synced_at, coalesce(h.records, 0), coalesce(f.rows_rejected, 0)
from known k
left join held h on h.source = k.source
left join refused f on f.source = k.source
order by k.priority, k.source
