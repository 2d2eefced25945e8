-- The lawful basis of everybody who has a touch of the deal or its account, as a
-- source says it. Grain: one row a person with one.
select p.person_id, p.lawful_basis
from person p
join deal d on d.deal_id = $deal_id
where p.lawful_basis <> ''
    and p.person_id in (
        select t.person_id
        from touch t
        where t.deal_id = d.deal_id or (t.account_id = d.account_id and t.account_id <> '')
    )
    and d.membership_id in (select v.rep_id from visible_rep v where v.user_id = $user_id)
order by p.person_id
