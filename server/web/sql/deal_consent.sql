-- The lawful basis of everybody who has a touch of the deal or its account, as a
-- source says it. Grain: one row a person with one.
with seen as materialized (
    select d.deal_id, d.account_id
    from deal d
    where d.deal_id = $deal_id and d.membership_id in (select v.rep_id from visible_rep v where v.user_id = $user_id)
),
met as (
    select t.person_id
    from seen s
    join touch t on t.deal_id = s.deal_id
    union all
    select t.person_id
    from seen s
    join touch t on t.account_id = s.account_id
    where t.account_id <> ''
)
select p.person_id, p.lawful_basis
from person p
where p.lawful_basis <> '' and p.person_id in (select m.person_id from met m)
order by p.person_id
