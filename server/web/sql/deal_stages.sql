-- The stretches a deal spent in its stages, in order, with the median days that
-- the won deals the reader may see spent in the same stage. Grain: one row a
-- stretch; the last has no end while the deal is open.
with seen as (
    select d.deal_id, d.status
    from deal d
    where d.membership_id in (select v.rep_id from visible_rep v where v.user_id = $user_id)
),
usual as (
    select s.stage, median(date_diff('second', s.entered_at, s.left_at) / 86400e0) as days
    from stage_visit s
    join seen d on d.deal_id = s.deal_id and d.status = 'won'
    where s.left_at is not null
    group by s.stage
)
select s.stage, s.entered_at, s.left_at, u.days
from stage_visit s
join seen d on d.deal_id = s.deal_id
left join usual u on u.stage = s.stage
where s.deal_id = $deal_id
order by s.entered_at, coalesce(s.left_at, timestamp '9999-12-31'), s.stage
