-- One row per period, pipeline and stage of work: the deals that first entered it in the
-- period and how they went on up to now. A deal moved on when it reached a later
-- stage or was won; days are counted over the deals that left.
-- with: scoped_deal, span
select
    p.span, e.pipeline, e.stage,
    cast(count(*) as bigint) as entered_n,
    cast(sum(case when e.status = 'won' or e.furthest > e.position then 1 else 0 end) as bigint) as onward_n,
    cast(sum(case when e.status = 'lost' and e.furthest = e.position then 1 else 0 end) as bigint) as lost_n,
    cast(sum(case when e.status = 'open' and e.furthest = e.position then 1 else 0 end) as bigint) as still_n,
    cast(sum(case when e.status = 'won' then 1 else 0 end) as bigint) as won_n,
    cast(median_of(e.days) as double) as median_days
from (
    select
        s.deal_id, s.status, v.pipeline, v.stage, o.position,
        min(v.entered_at) as entered_at,
        max(f.furthest) as furthest,
        case when sum(case when v.left_at is null then 1 else 0 end) = 0
            then sum(date_diff('second', v.entered_at, v.left_at)) / 864e2 end as days
    from scoped_deal s
    join stage_visit v on v.deal_id = s.deal_id
    join stage_odds o on o.pipeline = v.pipeline and o.stage = v.stage
    join (
        select w.deal_id, max(p.position) as furthest
        from stage_visit w
        join stage_odds p on p.pipeline = w.pipeline and p.stage = w.stage
        group by w.deal_id
    ) f on f.deal_id = s.deal_id
    group by s.deal_id, s.status, v.pipeline, v.stage, o.position
) e
join span p on e.entered_at >= p.from_at and e.entered_at < p.until_at
group by p.span, e.pipeline, e.stage, e.position
order by p.span, e.pipeline, e.position, e.stage
