-- One row per group: what its reps did in the period and what came back.
-- Machine-written answers and bounces are not replies; a meeting nobody came to
-- was not held; people who opted out are in no statistic.
-- with: scoped_rep
select
    r.key,
    cast(sum(case when t.kind = 'email' and t.direction = 'outbound' then 1 else 0 end) as bigint) as mails_n,
    cast(sum(case when t.kind in ('email', 'chat', 'reply') and t.direction = 'inbound'
        and t.reason not in ('auto reply', 'bounce', 'bot') then 1 else 0 end) as bigint) as replies_n,
    cast(sum(case when t.kind = 'meeting' and t.reason <> 'no show' then 1 else 0 end) as bigint) as meetings_n,
    cast(sum(case when t.kind = 'meeting' then 1 else 0 end) as bigint) as booked_n
from scoped_rep r
join touch t on t.rep_id = r.rep_id
where t.kind in ('email', 'chat', 'reply', 'meeting')
  and t.occurred_at >= $from
  and t.occurred_at < $until
  and t.person_id not in (select p.person_id from person p where p.opted_out)
group by r.key
