-- One row per deal, with its money in its own and in the reporting currency. A
-- closed deal uses the rate fixed at its close, an open one today's. The cost
-- is that of the lines, else of their products, else what the margin leaves;
-- cost_basis says which. A closed deal belongs to the team that its owner was in
-- at the close, an open one to the owner's team of today: team_id, and
-- membership_id for who sees it.
create or replace table deal as
with rated as (
    select
        d.*,
        case when d.closed_day is not null then f.rate_e12 else r.rate_e12 end as rate_e12,
        case when d.closed_day is not null then f.rate_day when d.currency = $currency then cast($today as date) else r.from_day end as rate_day,
        fc.exponent as from_exponent,
        tc.exponent as to_exponent
    from deal_record d
    left join deal_rate f on f.deal_id = d.deal_id
    left join rate r on r.currency = d.currency and r.from_day <= cast($today as date) and r.to_day > cast($today as date)
    left join currency fc on fc.code = d.currency
    left join currency tc on tc.code = $currency
),
valued as (
    select
        d.*,
        case when d.amount_minor is not null and d.rate_e12 is not null then convert_minor(d.amount_minor, d.rate_e12, d.from_exponent, d.to_exponent) end as reporting_minor
    from rated d
)
select
    d.deal_id, d.name, d.account_id, d.primary_contact_id, d.primary_person_id, d.owner_rep_id,
    coalesce(o.team_id, '') as team_id, coalesce(o.membership_id, '') as membership_id,
    d.pipeline, d.stage, d.status, d.type, d.deal_source, d.source,
    d.amount_minor, d.currency, d.rate_e12,
    case when d.rate_e12 is null then cast(null as date) else d.rate_day end as rate_day,
    d.reporting_minor,
    case
        when d.reporting_minor is null then cast(null as bigint)
        when c.missing = 0 then convert_micro(c.deal_currency_micro, d.rate_e12, d.to_exponent) + convert_micro(c.reporting_micro, 1000000000000, d.to_exponent)
        else cast(round_div(cast(d.reporting_minor as hugeint) * (1000000 - cast($margin_e6 as bigint)), 1000000::hugeint) as bigint)
    end as cost_minor,
    case
        when d.reporting_minor is null then ''
        when c.missing = 0 and c.by_line = c.lines then 'line item'
        when c.missing = 0 then 'product'
        else 'margin'
    end as cost_basis,
    d.created_at, d.created_day, d.expected_close_on, d.closed_at, d.closed_day, d.updated_at,
    d.forecast_category, d.probability, d.lost_reason,
    case when d.region <> '' then d.region else coalesce(a.region, '') end as region,
    case when d.segment <> '' then d.segment else coalesce(a.segment, '') end as segment
from valued d
left join membership o on o.rep_id = d.owner_rep_id
    and coalesce(d.closed_at, timestamp '9999-12-30 00:00:00') >= o.from_at and coalesce(d.closed_at, timestamp '9999-12-30 00:00:00') < o.until_at
left join account a on a.account_id = d.account_id
left join deal_cost c on c.deal_id = d.deal_id
