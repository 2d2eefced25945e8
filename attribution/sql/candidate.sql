-- The touches that some settings put into the journey of a deal under the people
-- rule, from reach_days before the deal to its close, in journey order: settings
-- are tried on these rows without looking for the touches of a deal again.
-- place counts the touches of a deal that need no other settings of mail than
-- these. created_age and closed_age are seconds from the touch to the creation, when
-- it is known, and to the end of the window.
--
-- told is materialized: else its windows may be compared with every touch before
-- anything else is, which is deals times touches. Grain: one row a deal and touch.
create or replace /*temp*/ table candidate as
with far as (
	select
		d.deal_no, d.deal_id, d.account_id, d.primary_person_id, d.created_at, d.lead_at, d.window_to,
		least(coalesce(d.created_at, d.window_to), d.window_to) - s.reach_days * interval '1' day as far_from
	from deal_window d
	cross join attribution_setting s
),
told as materialized (
	select o.deal_no, t.touch_no, t.occurred_at, t.account_id, t.channel_key, t.direct, t.sales, t.person_key, t.by_rep, t.opted_out, t.mail
	from (
/*told*/
	) o
	join able_touch t on t.touch_no = o.touch_no
),
pair as (
	select
		d.deal_no, d.created_at, d.lead_at, d.window_to, t.touch_no, t.occurred_at, t.channel_key, t.direct, t.sales, t.person_key, t.by_rep, t.opted_out, t.mail
	from told t
	join far d on d.deal_no = t.deal_no
	where t.occurred_at >= d.far_from and t.occurred_at <= d.window_to/*of_account*/
)
select
	p.deal_no, p.touch_no, cast(row_number() over (partition by p.deal_no, p.mail in (/*mail*/) order by p.touch_no) as integer) as place,
	cast(date_diff('second', p.occurred_at, coalesce(p.created_at, p.window_to)) as bigint) as created_age,
	cast(date_diff('second', p.occurred_at, p.window_to) as bigint) as closed_age,
	coalesce(p.occurred_at <= p.created_at, false) as before_creation,
	coalesce(p.occurred_at <= p.lead_at, false) as before_lead,
	p.channel_key, p.direct, p.sales, p.person_key, p.by_rep, p.opted_out, p.mail
from pair p
order by p.deal_no, p.touch_no
