-- One row per day, channel, campaign, kind and source, as the sources gave it
-- and in the reporting currency by the rate of its day.
create or replace table spend as
select
    s.day,
    coalesce(n.channel, 'Other') as channel,
    coalesce(ce.id, ca.id, cn.campaign_id, '') as campaign_id,
    s.amount_minor,
    coalesce(upper(trim(s.currency)), $currency) as currency,
    case when r.rate_e12 is not null then convert_minor(s.amount_minor, r.rate_e12, fc.exponent, tc.exponent) end as reporting_minor,
    coalesce(s.kind, 'media') as kind,
    s.source
from spend_records s
left join channel_name n on n.name = replace(replace(replace(lower(trim(s.channel)), ' ', ''), '_', ''), '-', '')
left join ref ce on ce.stream = 'campaigns' and ce.source = s.source and ce.source_id = s.campaign_id
left join ref_any ca on ca.stream = 'campaigns' and ca.source_id = s.campaign_id
left join campaign_key cn on cn.kind = 'name' and cn.key = lower(trim(s.campaign_id))
left join rate r on r.currency = coalesce(upper(trim(s.currency)), $currency) and s.day >= r.from_day and s.day < r.to_day
left join currency fc on fc.code = coalesce(upper(trim(s.currency)), $currency)
left join currency tc on tc.code = $currency
where not s.deleted
