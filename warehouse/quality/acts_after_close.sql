-- title: Acts on a deal after its close
-- why: They are shown and earn nothing.
select d.deal_id, a.stream, a.source_id, a.kind, a.occurred_at, d.closed_at, a.source
from act a
join deal d on d.deal_id = a.deal_id
where d.closed_at is not null and a.occurred_at > d.closed_at
order by d.deal_id, a.occurred_at, a.stream, a.source_id
