-- The accounts the reader may see, one row an account by id, whose name holds
-- $text: those with an open deal of a visible rep or an act of one; who also
-- sees the deals that nobody owns sees the whole company.
with mine as (
    select v.rep_id from visible_rep v where v.user_id = $user_id
),
reached as (
    select d.account_id from deal d where d.status = 'open' and d.membership_id in (select m.rep_id from mine m)
    union
    select a.account_id from act a where a.rep_id <> '' and a.rep_id in (select m.rep_id from mine m)
)
select
    a.account_id, coalesce(a.name, '') as name, coalesce(a.domain, '') as domain, coalesce(a.industry, '') as industry, a.employees,
    coalesce(a.country, '') as country, coalesce(a.region, '') as region, coalesce(a.segment, '') as segment
from account a
where (
        a.account_id in (select r.account_id from reached r)
        or (select count(*) from mine m where m.rep_id = '') > 0
    )
    and contains(lower(coalesce(a.name, '')), lower($text))
    and a.account_id > $after
order by a.account_id
limit $size
