-- The posts of suspected as touches of grade D, which are listed and never paid.
-- Their numbers follow the others': no journey holds them. Grain: one row an
-- account and post.
insert into touch (
	touch_no, touch_id, occurred_at, kind, channel, campaign_id, post_id, rep_id, person_id, account_id, deal_id,
	evidence, direction, earns, withheld, reason, title, duration_s, source, source_priority, records, page,
	fact, sent_only, opened_only, opted_out, rule
)
select
	cast((select coalesce(max(t.touch_no), 0) from touch t) + row_number() over (order by p.published_at, s.account_id, p.post_id) as bigint),
	'post:' || p.post_id || ':' || s.account_id, p.published_at, 'post', p.channel, coalesce(p.campaign_id, ''), p.post_id,
	p.author_rep_id, '', s.account_id, '', 'D', '', false, false, 'suspected', coalesce(p.title, ''), 0, '', 0, 1, '',
	'suspected', false, false, false, ''
from (select distinct u.account_id, u.post_id from suspected u) s
join post p on p.post_id = s.post_id
