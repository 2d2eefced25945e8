-- One row per deal open at the end of the period, or now while it runs, those
-- due in the period first and the largest of them on top, with the chance to
-- win of its stage and three signs of drift: days past the expected close, days
-- in the stage beside the median of won deals (from 20 on), and days since
-- anybody wrote to, met or heard from the account.
-- with: open_deal
with pace as (
    select v.pipeline, v.stage, median_of(date_diff('second', v.entered_at, v.left_at) / 864e2) as days
    from stage_visit v
    join deal w on w.deal_id = v.deal_id
    where w.status = 'won' and v.left_at is not null
    group by v.pipeline, v.stage
    having count(*) >= 20
),
heard as (
    select t.account_id, max(t.occurred_at) as at_last
    from touch t
    where t.kind in ('email', 'chat', 'call', 'meeting', 'reply')
      and t.account_id <> '' and t.occurred_at < $until
      and t.reason not in ('auto reply', 'bounce', 'bot')
    group by t.account_id
)
select
    o.deal_id, coalesce(d.name, ''), d.account_id, coalesce(a.name, ''), d.owner_rep_id, coalesce(r.name, ''),
    coalesce(d.stage, ''), o.reporting_minor, d.amount_minor, coalesce(d.currency, ''),
    o.expected_close_on,
    o.due,
    o.chance_e6,
    cast(date_diff('second', v.entered_at, $until) / 86400 as bigint) as stage_days,
    cast(p.days as double) as won_days,
    case when o.expected_close_on < cast($until_day as date) then date_diff('day', o.expected_close_on, cast($until_day as date)) end as late_days,
    cast(date_diff('second', h.at_last, $until) / 86400 as bigint) as quiet_days
from open_deal o
join deal d on d.deal_id = o.deal_id
left join account a on a.account_id = d.account_id
left join rep r on r.rep_id = d.owner_rep_id
left join stage_visit v on v.deal_id = o.deal_id and v.entered_at < $until and coalesce(v.left_at, timestamp '9999-12-31 00:00:00') >= $until
left join pace p on p.pipeline = d.pipeline and p.stage = d.stage
left join heard h on h.account_id = d.account_id
order by o.due desc, coalesce(o.reporting_minor, 0) desc, o.deal_id
