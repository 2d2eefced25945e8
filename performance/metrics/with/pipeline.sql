-- One row per group: the open deals, and among them those expected to close in
-- the period.
-- with: open_deal
select
    o.key,
    cast(count(*) as bigint) as open_n,
    cast(coalesce(sum(o.reporting_minor), 0) as bigint) as open_minor,
    cast(sum(case when o.reporting_minor is null then 1 else 0 end) as bigint) as uncounted_n,
    cast(coalesce(sum(cast(round(1e-6 * o.reporting_minor * o.chance_e6) as bigint)), 0) as bigint) as weighted_minor,
    cast(sum(case when o.reporting_minor is not null and o.chance_e6 is not null then 1 else 0 end) as bigint) as weighted_n,
    cast(sum(case when o.due = 1 then 1 else 0 end) as bigint) as due_n,
    cast(coalesce(sum(case when o.due = 1 then o.reporting_minor end), 0) as bigint) as due_minor,
    cast(sum(case when o.due = 1 and o.reporting_minor is null then 1 else 0 end) as bigint) as due_uncounted_n,
    cast(coalesce(sum(case when o.due = 1 then cast(round(1e-6 * o.reporting_minor * o.chance_e6) as bigint) end), 0) as bigint) as due_weighted_minor,
    cast(sum(case when o.due = 1 and o.reporting_minor is not null and o.chance_e6 is not null then 1 else 0 end) as bigint) as due_weighted_n
from open_deal o
group by o.key
