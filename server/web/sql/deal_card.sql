-- What stands in the strip of a deal's page. Grain: one row, or none out of scope.
select
    coalesce(d.name, '') as name, d.owner_rep_id, coalesce(r.name, '') as owner, d.team_id, coalesce(t.name, '') as team,
    coalesce(d.stage, '') as stage, d.status, coalesce(d.type, '') as type, d.source,
    coalesce((
        select string_agg(n.name, ', ' order by n.name, n.product_id)
        from (select distinct l.product_id from line_item l where l.deal_id = d.deal_id) i
        join product n on n.product_id = i.product_id
    ), '') as products,
    (select count(distinct p.person_id) from deal_person p
        where p.deal_id = d.deal_id and p.person_id not in (select n.person_id from person n where n.opted_out)) as people,
    d.created_day, d.closed_day, d.expected_close_on, coalesce(d.lost_reason, '') as lost_reason
from deal d
left join rep r on r.rep_id = d.owner_rep_id
left join team t on t.team_id = d.team_id
where d.deal_id = $deal_id
    and d.membership_id in (select v.rep_id from visible_rep v where v.user_id = $user_id)
