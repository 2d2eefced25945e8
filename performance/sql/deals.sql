-- One page of the deals the reader may see. Each row has a place in the chosen
-- order: a number (minor units, days since 1970) or a text, deals without one
-- last; the deal's id settles ties. A page begins after the place given.
-- with: filtered_deal
with placed as (
    select
        f.deal_id, f.name, f.account_id, f.account, f.owner_rep_id, f.team_id, f.pipeline, f.stage, f.status,
        f.amount_minor, f.currency, f.reporting_minor, f.created_day, f.closed_day, f.expected_close_on,
        cast(case $sort
            when 'amount' then coalesce(f.reporting_minor, f.amount_minor)
            when 'closed' then date_diff('day', date '1970-01-01', f.closed_day)
            when 'created' then date_diff('day', date '1970-01-01', f.created_day)
            when 'expected' then date_diff('day', date '1970-01-01', f.expected_close_on)
        end as bigint) as number,
        case $sort when 'name' then lower(coalesce(f.name, '')) when 'stage' then coalesce(f.stage, '') else '' end as words
    from filtered_deal f
),
page as (
    select
        p.deal_id, p.name, p.account_id, p.account, p.owner_rep_id, p.team_id, p.stage, p.status, p.amount_minor, p.currency, p.reporting_minor,
        p.created_day, p.closed_day, p.expected_close_on, p.number, p.words
    from placed p
    where $after_id = ''
       or case
            when $after_number is null and p.number is not null then false
            when $after_number is not null and p.number is null then true
            when p.number is not null and p.number <> cast($after_number as bigint) then
                (p.number > cast($after_number as bigint)) = ($turned = 0)
            when p.words <> $after_text then (p.words > $after_text) = ($turned = 0)
            else p.deal_id > $after_id
        end
    order by
        case when p.number is null then 1 else 0 end,
        case when $turned = 1 then p.number end desc nulls last,
        case when $turned = 0 then p.number end asc nulls last,
        case when $turned = 1 then p.words end desc nulls last,
        case when $turned = 0 then p.words end asc nulls last,
        p.deal_id
    limit $size
),
sold as (
    select g.deal_id, min(n.name) as first_name, count(distinct n.name) as names_n
    from deal_group g
    join product n on n.product_id = g.key
    where g.breakdown = 'product' and g.deal_id in (select p.deal_id from page p)
    group by g.deal_id
),
staying as (
    select v.deal_id, max(v.entered_at) as entered_at
    from stage_visit v
    where v.left_at is null and v.deal_id in (select p.deal_id from page p)
    group by v.deal_id
)
select
    p.deal_id, coalesce(p.name, ''), p.account_id, p.account, p.owner_rep_id, coalesce(r.name, ''), p.team_id, coalesce(t.name, ''),
    coalesce(p.stage, ''), p.status,
    coalesce(s.first_name || case when s.names_n > 1 then ' +' || cast(s.names_n - 1 as varchar) else '' end, '') as products,
    p.amount_minor, coalesce(p.currency, ''), p.reporting_minor, p.created_day, p.closed_day, p.expected_close_on,
    y.entered_at as stage_since, p.number, p.words
from page p
left join rep r on r.rep_id = p.owner_rep_id
left join team t on t.team_id = p.team_id
left join sold s on s.deal_id = p.deal_id
left join staying y on y.deal_id = p.deal_id
order by
    case when p.number is null then 1 else 0 end,
    case when $turned = 1 then p.number end desc nulls last,
    case when $turned = 0 then p.number end asc nulls last,
    case when $turned = 1 then p.words end desc nulls last,
    case when $turned = 0 then p.words end asc nulls last,
    p.deal_id
