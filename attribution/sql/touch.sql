-- One act that may earn credit. Grain: one row a touch.
--
-- touch_no orders touches as every journey does. withheld: it would earn, but its
-- person or its rep opted out, so its credit is paid to nobody.
--
-- page is the landing page or link without its query; empty when the act names
-- none.
--
-- fact, sent_only, opened_only and opted_out do not depend on the settings; earns,
-- withheld, reason and rule follow from them in judged_touch.
--
-- A left join with a condition on its left side alone compares every pair of
-- rows: an empty id simply finds nothing.
create or replace table touch as
with known as (
	select
		s.touch_no, s.touch_id, s.records, g.occurred_at, g.kind, g.direction, g.source, g.source_priority,
		coalesce(m.channel, g.channel) as channel,
		case when m.speaker is null then g.page else coalesce(m.page, '') end as page,
		case when m.speaker is null then g.rep_id else coalesce(m.rep_id, '') end as rep_id,
		case when m.speaker is null then g.person_id else coalesce(m.person_id, '') end as person_id,
		case when m.speaker is null then g.account_id else coalesce(m.account_id, '') end as account_id,
		case when m.speaker is null then g.deal_id else coalesce(m.deal_id, '') end as deal_id,
		case when m.speaker is null then g.post_id else coalesce(m.post_id, '') end as post_id,
		case when m.speaker is null then g.campaign_id else coalesce(m.campaign_id, '') end as campaign_id,
		coalesce(m.duration_s, g.duration_s, 0) as duration_s,
		coalesce(m.grade, g.grade) as evidence,
		case
			when coalesce(m.reason, g.reason) = '' and coalesce(m.grade, g.grade) = 'D' then 'suspected'
			else coalesce(m.reason, g.reason)
		end as fact,
		coalesce(m.sent, g.sent) as sent, coalesce(m.opened, g.reason = 'opened only') as opened_only
	from spoken_act s
	join graded_act g on g.act_no = s.act_no
	left join merged_act m on m.speaker = s.act_no
),
seen as (
	select
		cast(k.touch_no as bigint) as touch_no,
		k.touch_id, k.occurred_at, k.kind, k.channel, k.campaign_id, k.post_id, k.rep_id, k.person_id, k.account_id, k.deal_id,
		k.evidence, k.direction,
		coalesce(nullif(o.title, ''), nullif(c.name, ''), k.page) as title, cast(k.duration_s as bigint) as duration_s, k.source,
		cast(k.source_priority as integer) as source_priority, cast(k.records as integer) as records, k.page,
		k.fact, k.sent and k.rep_id <> '' and k.person_id <> '' as sent_only, k.opened_only,
		k.person_id in (select p.person_id from person p where p.opted_out)
			or k.rep_id in (select o.id from opt_out o where o.kind = 'rep') as opted_out
	from known k
	left join post o on o.post_id = k.post_id
	left join campaign c on c.campaign_id = k.campaign_id
)
/*judged*/
