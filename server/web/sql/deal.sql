-- One deal, or none out of scope.
select
    d.deal_id, coalesce(d.name, '') as name, d.account_id, coalesce(a.name, '') as account, d.owner_rep_id, coalesce(r.name, '') as owner,
    d.team_id, coalesce(t.name, '') as team, coalesce(d.stage, '') as stage, d.status, d.amount_minor, coalesce(d.currency, '') as currency,
    d.reporting_minor, d.created_day, d.closed_day, d.expected_close_on, coalesce(d.pipeline, '') as pipeline, coalesce(d.type, '') as type,
    coalesce(d.deal_source, '') as deal_source, coalesce(d.forecast_category, '') as forecast_category, coalesce(d.lost_reason, '') as lost_reason,
    d.created_at, d.closed_at
from deal d
left join account a on a.account_id = d.account_id
left join rep r on r.rep_id = d.owner_rep_id
left join team t on t.team_id = d.team_id
where d.deal_id = $deal_id
    and d.membership_id in (select v.rep_id from visible_rep v where v.user_id = $user_id)
