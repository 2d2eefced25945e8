-- One row per group: what its reps did in the period and what came back.
-- Machine-written answers and bounces are not replies; a meeting nobody came to
-- was not held; people who opted out are in no statistic.
-- with: scoped_rep, span
select
    p.span || r.key as key,
    cast(sum(case when t.kind = 'email' and t.direction = 'outbound' then 1 else 0 end) as bigint) as mails_n,
    cast(sum(case when t.kind in ('email', 'chat', 'reply') and t.direction = 'inbound'
        and t.reason not in ('auto reply', 'bounce', 'bot') then 1 else 0 end) as bigint) as replies_n,
    cast(sum(case when t.kind = 'meeting' and t.reason <> 'no show' then 1 else 0 end) as bigint) as meetings_n,
    cast(sum(case when t.kind = 'meeting' then 1 else 0 end) as bigint) as booked_n
from scoped_rep r
join touch t on t.rep_id = r.rep_id and t.occurred_at >= r.stay_from and t.occurred_at < r.stay_until
join span p on t.occurred_at >= p.from_at and t.occurred_at < p.until_at
where t.kind in ('email', 'chat', 'reply', 'meeting')
  and t.person_id not in (select n.person_id from person n where n.opted_out)
group by 1
