-- The effects of a level with names. Grain: one row a channel, campaign or rep.
select
	e.id,
	case
		when e.id = '' then ''
		when $level = 'campaign' then coalesce(c.name, e.id)
		when $level = 'rep' then coalesce(r.name, e.id)
		else e.id
	end as name,
	e.touches, e.credit_minor, e.credit_low, e.credit_high
from incremental_effect e
left join campaign c on c.campaign_id = case when $level = 'campaign' then e.id end
left join rep r on r.rep_id = case when $level = 'rep' then e.id end
where e.level = $level
order by e.credit_minor desc, e.id
