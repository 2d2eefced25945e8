-- Deals and accounts in scope whose name holds $text, one row a record: names
-- that begin with it first.
with mine as (
    select v.rep_id from visible_rep v where v.user_id = $user_id
),
reached as (
    select d.account_id from deal d where d.status = 'open' and d.membership_id in (select m.rep_id from mine m)
    union
    select a.account_id from act a where a.rep_id <> '' and a.rep_id in (select m.rep_id from mine m)
),
found as (
    select 'account' as kind, a.account_id as id, coalesce(a.name, '') as name, coalesce(a.country, '') as note
    from account a
    where a.account_id in (select r.account_id from reached r)
        or (select count(*) from mine m where m.rep_id = '') > 0
    union all
    select 'deal' as kind, d.deal_id as id, coalesce(d.name, '') as name, coalesce(a.name, '') as note
    from deal d
    left join account a on a.account_id = d.account_id
    where d.membership_id in (select m.rep_id from mine m)
)
select f.kind, f.id, f.name, f.note
from found f
where contains(lower(f.name), lower($text)) or lower(f.id) = lower($text)
order by starts_with(lower(f.name), lower($text)) desc, lower(f.name), f.kind, f.id
limit $size
