-- One row per rep or team and period; a rep's quota has no team_id and a team's
-- no rep_id. The reporting amount uses the rate of the period's first day, or
-- the oldest known when the period began before it.
create or replace table quota as
with first_rate as (
    select r.currency, min(r.from_day) as from_day
    from rate r
    group by r.currency
)
select
    coalesce(re.id, ra.id, '') as rep_id,
    coalesce(te.id, ta.id, '') as team_id,
    q.period, p.period_from, p.period_to,
    q.amount_minor,
    coalesce(upper(trim(q.currency)), $currency) as currency,
    case when r.rate_e12 is not null then convert_minor(q.amount_minor, r.rate_e12, fc.exponent, tc.exponent) end as reporting_minor
from quotas q
join period_span p on p.period = q.period
left join ref re on re.stream = 'reps' and re.source = q.source and re.source_id = q.rep_id
left join ref_any ra on ra.stream = 'reps' and ra.source_id = q.rep_id
left join ref te on te.stream = 'teams' and te.source = q.source and te.source_id = q.team_id
left join ref_any ta on ta.stream = 'teams' and ta.source_id = q.team_id
left join first_rate f on f.currency = coalesce(upper(trim(q.currency)), $currency)
left join rate r on r.currency = f.currency and greatest(p.first_day, f.from_day) >= r.from_day and greatest(p.first_day, f.from_day) < r.to_day
left join currency fc on fc.code = coalesce(upper(trim(q.currency)), $currency)
left join currency tc on tc.code = $currency
where not q.deleted and coalesce(re.id, ra.id, te.id, ta.id) is not null
