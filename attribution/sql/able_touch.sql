-- Touches that some settings let earn, told by numbers where the journey only
-- compares; mail says what of the settings they need: 0 nothing, 1 that sent mail
-- counts, 2 that opened mail does, 3 either. Grain: one row a touch.
create or replace temp view able_touch as
select
	t.touch_no, t.occurred_at, t.account_id, t.deal_id, t.person_id, key_of(t.channel) as channel_key, case when t.person_id <> '' then key_of(t.person_id) else 0 end as person_key,
	t.channel = 'Direct' as direct, t.channel = 'Sales' as sales, t.rep_id <> '' as by_rep, t.opted_out,
	cast(case when t.fact = '' then 0 else case when t.sent_only then 1 else 0 end + case when t.opened_only then 2 else 0 end end as tinyint) as mail
from touch t
where t.kind <> 'post' and (t.fact = '' or t.sent_only or t.opened_only)
