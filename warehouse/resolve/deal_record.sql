-- One row per deal with references resolved and local days; money comes after.
create or replace temporary table deal_record as
select
    r.id as deal_id, d.source, d.source_id,
    coalesce(d.name, r.id) as name,
    coalesce(ae.id, aa.id, '') as account_id,
    coalesce(ce.id, ca.id, '') as primary_contact_id,
    coalesce(c.person_id, '') as primary_person_id,
    coalesce(oe.id, oa.id, '') as owner_rep_id,
    coalesce(d.pipeline, '') as pipeline,
    coalesce(d.stage, '') as stage,
    d.status,
    coalesce(d.type, '') as type,
    coalesce(d.deal_source, '') as deal_source,
    d.amount_minor,
    coalesce(upper(trim(d.currency)), $currency) as currency,
    d.created_at, d.expected_close_on,
    case when d.status = 'open' then cast(null as timestamp) else d.closed_at end as closed_at,
    d.updated_at,
    coalesce(d.forecast_category, '') as forecast_category,
    d.probability,
    coalesce(d.lost_reason, '') as lost_reason,
    coalesce(d.region, '') as region,
    coalesce(d.segment, '') as segment,
    cast(d.created_at + cc.offset_s * interval '1' second as date) as created_day,
    case when d.status = 'open' then cast(null as date) else cast(d.closed_at + cl.offset_s * interval '1' second as date) end as closed_day
from deals d
join ref r on r.stream = 'deals' and r.source = d.source and r.source_id = d.source_id
left join ref ae on ae.stream = 'accounts' and ae.source = d.source and ae.source_id = d.account_id
left join ref_any aa on aa.stream = 'accounts' and aa.source_id = d.account_id
left join ref oe on oe.stream = 'reps' and oe.source = d.source and oe.source_id = d.owner_rep_id
left join ref_any oa on oa.stream = 'reps' and oa.source_id = d.owner_rep_id
left join ref ce on ce.stream = 'contacts' and ce.source = d.source and ce.source_id = d.primary_contact_id
left join ref_any ca on ca.stream = 'contacts' and ca.source_id = d.primary_contact_id
left join contact c on c.contact_id = coalesce(ce.id, ca.id)
left join company_clock cc on d.created_at >= cc.from_at and d.created_at < cc.to_at
left join company_clock cl on d.closed_at >= cl.from_at and d.closed_at < cl.to_at
where not d.deleted
