-- The marketing money of a period by local day. Grain: one row a kind, channel
-- and campaign. Only for who sees the whole company.
select
	coalesce(s.kind, '') as kind, coalesce(s.channel, '') as channel, coalesce(s.campaign_id, '') as campaign_id,
	coalesce(max(c.name), max(s.campaign_id), '') as campaign, coalesce(max(c.channel), '') as campaign_channel,
	cast(coalesce(sum(s.reporting_minor), 0) as bigint) as reporting_minor,
	count(case when s.reporting_minor is null then 1 end) as no_rate
from spend s
left join campaign c on c.campaign_id = s.campaign_id
where s.day >= cast($from_day as date) and s.day < cast($to_day as date)
	and exists (select 1 from visible_rep v where v.user_id = $user_id and v.rep_id = '')
group by coalesce(s.kind, ''), coalesce(s.channel, ''), coalesce(s.campaign_id, '')
order by 1, 2, 3
