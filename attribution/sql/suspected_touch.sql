-- The posts of suspected as touches of grade D, which are listed and never paid.
-- Their numbers follow the others': no journey holds them. Part of post_touch and
-- of its like in a what-if. Grain: one row an account and post.
select
	cast((select coalesce(max(t.touch_no), 0) from touch t where t.kind <> 'post')
		+ row_number() over (order by p.published_at, s.account_id, p.post_id) as bigint) as touch_no,
	'post:' || p.post_id || ':' || s.account_id as touch_id, p.published_at as occurred_at, 'post' as kind, p.channel,
	coalesce(p.campaign_id, '') as campaign_id, p.post_id, p.author_rep_id as rep_id, '' as person_id, s.account_id, '' as deal_id,
	'D' as evidence, '' as direction, false as earns, false as withheld, 'suspected' as reason,
	coalesce(p.title, '') as title, cast(0 as bigint) as duration_s, '' as source, 0 as source_priority, 1 as records, '' as page,
	'suspected' as fact, false as sent_only, false as opened_only, false as opted_out, '' as rule
from (select distinct u.account_id, u.post_id from suspected u) s
join post p on p.post_id = s.post_id
