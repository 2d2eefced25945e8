-- One row per deal won in the period that the reader may see.
select d.deal_id, coalesce(d.name, ''), coalesce(a.name, ''), d.reporting_minor
from deal d
left join account a on a.account_id = d.account_id
where d.membership_id in (select v.rep_id from visible_rep v where v.user_id = $user_id)
  and d.status = 'won'
  and d.closed_at >= $from
  and d.closed_at < $until
order by d.deal_id
