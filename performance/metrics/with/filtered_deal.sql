-- One row per deal the reader may see that meets the filter of the deals list.
select
    d.deal_id, d.name, d.account_id, coalesce(a.name, '') as account, d.owner_rep_id, d.team_id,
    d.pipeline, d.stage, d.status, d.amount_minor, d.currency, d.reporting_minor,
    d.created_day, d.closed_day, d.created_at, d.closed_at, d.expected_close_on
from deal d
left join account a on a.account_id = d.account_id
where d.membership_id in (select v.rep_id from visible_rep v where v.user_id = $user_id)
  and ($status = '' or d.status = $status or $status = 'decided' and d.status in ('won', 'lost'))
  and ($owner = '' or d.owner_rep_id = $owner)
  and ($team = '' or d.team_id in (select c.team_id from team_closure c where c.ancestor_team_id = $team))
  and ($product = '' or d.deal_id in (select g.deal_id from deal_group g where g.breakdown = 'product' and g.key = $product))
  and ($stage = '' or d.stage = $stage)
  and ($account = '' or d.account_id = $account)
  and ($text = '' or strpos(lower(coalesce(d.name, '')), $text) > 0 or strpos(lower(coalesce(a.name, '')), $text) > 0
       or lower(d.deal_id) = $text)
  and (cast($closed_from as timestamp) is null or d.closed_at >= cast($closed_from as timestamp))
  and (cast($closed_to as timestamp) is null or d.status <> 'open' and d.closed_at < cast($closed_to as timestamp))
  and (cast($due_from as date) is null or d.expected_close_on >= cast($due_from as date))
  and (cast($due_to as date) is null or d.expected_close_on < cast($due_to as date))
