-- One deal in scope with its window. Grain: one row, or none out of scope.
select
	w.deal_no, w.deal_id, coalesce(d.name, ''), coalesce(w.account_id, ''), coalesce(a.name, ''), w.status, w.created_at, w.closed_at, w.lead_at,
	w.amount_minor, coalesce(w.currency, ''), w.reporting_minor, w.window_from, w.window_to
from journey_deal w
join deal d on d.deal_id = w.deal_id
left join account a on a.account_id = d.account_id
where w.deal_id = $deal_id
	and w.membership_id in (select v.rep_id from visible_rep v where v.user_id = $user_id)
