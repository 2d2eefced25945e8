-- Touches that some settings let earn, told by numbers where the journey only
-- compares. A person is its first touch. Grain: one row a touch.
create or replace temp table able_touch as
with person_key as (
	select t.person_id, min(t.touch_no) as person_no
	from touch t
	where t.person_id <> ''
	group by t.person_id
)
select
	t.touch_no, t.occurred_at, t.account_id, t.deal_id, t.person_id, k.channel_no,
	t.channel = 'Direct' as direct, t.channel = 'Sales' as sales, coalesce(n.person_no, 0) as person_no, t.rep_id <> '' as by_rep,
	t.opted_out, t.sent_only, t.opened_only, t.fact = '' as free
from touch t
join channel_key k on k.channel = t.channel
left join person_key n on n.person_id = t.person_id
where t.kind <> 'post' and (t.fact = '' or t.sent_only or t.opened_only)
