-- One act that may earn credit. Grain: one row a touch.
--
-- touch_no orders touches as every journey does. withheld: it would earn, but its
-- person opted out, so its credit is paid to nobody.
--
-- page is the landing page or link without its query; empty when the act names
-- none.
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
		end as reason
	from spoken_act s
	join graded_act g on g.act_no = s.act_no
	left join merged_act m on m.speaker = s.act_no
),
judged as (
	select
		k.touch_no, k.touch_id, k.records, k.occurred_at, k.kind, k.direction, k.source, k.source_priority, k.channel,
		k.page, k.rep_id, k.person_id, k.account_id, k.deal_id, k.post_id, k.campaign_id, k.duration_s, k.evidence, k.reason,
		k.person_id in (select p.person_id from person p where p.opted_out) as opted_out
	from known k
)
select
	cast(j.touch_no as bigint) as touch_no,
	j.touch_id, j.occurred_at, j.kind, j.channel, j.campaign_id, j.post_id, j.rep_id, j.person_id, j.account_id, j.deal_id,
	j.evidence, j.direction,
	j.reason = '' and not j.opted_out as earns,
	j.reason = '' and j.opted_out as withheld,
	case when j.reason = '' and j.opted_out then 'opted out' else j.reason end as reason,
	coalesce(nullif(o.title, ''), nullif(c.name, ''), j.page) as title, cast(j.duration_s as bigint) as duration_s, j.source,
	cast(j.source_priority as integer) as source_priority, cast(j.records as integer) as records, j.page
from judged j
left join post o on o.post_id = j.post_id
left join campaign c on c.campaign_id = j.campaign_id
