-- Touches of people with a role on the deal. Part of candidate. Grain: one row a
-- deal and touch.
--
-- told is materialized: else its windows may be compared with every touch before
-- anything else is, which is deals times touches.
	with told as materialized (
		select o.deal_no, t.touch_no, t.occurred_at, t.account_id, t.channel_key, t.direct, t.sales, t.person_key, t.by_rep, t.opted_out, t.mail
		from (
			select d.deal_no, t.touch_no
			from far d
			join deal_person dp on dp.deal_id = d.deal_id
			join able_touch t on t.person_id = dp.person_id
			where t.person_id <> ''
			union
			select d.deal_no, p.touch_no
			from far d
			join deal_person dp on dp.deal_id = d.deal_id
			join touch_person p on p.person_id = dp.person_id
		) o
		join able_touch t on t.touch_no = o.touch_no
	)
	select
		d.deal_no, d.created_at, d.lead_at, d.window_to, t.touch_no, t.occurred_at, t.channel_key, t.direct, t.sales, t.person_key, t.by_rep, t.opted_out, t.mail
	from told t
	join far d on d.deal_no = t.deal_no
	where t.occurred_at >= d.far_from and t.occurred_at <= d.window_to
