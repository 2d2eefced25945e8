-- The lawful basis of everybody who has a touch of the deal or its account, the
-- and the source whose record says it: the one that spoke for the person, its own
-- first, then by priority of the source. Grain: one row a person with one. The
-- records themselves are not asked: that is never answered from memory.
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
),
told as (
    select
        c.person_id, c.lawful_basis, c.source, c.contact_id,
        row_number() over (partition by c.person_id order by case when c.contact_id = c.person_id then 0 else 1 end, c.source_priority, c.contact_id) as place
    from contact c
    where c.lawful_basis <> '' and c.person_id <> '' and c.person_id in (select m.person_id from met m)
)
select t.person_id, t.lawful_basis, t.source
from told t
where t.place = 1
order by t.person_id
