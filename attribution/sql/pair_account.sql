-- Touches of everybody of the deal's account, of meetings that somebody of it was
-- at, and touches that a source ties to the deal itself. Part of candidate. Grain:
-- one row a deal and touch.
--
-- told is materialized: else its windows may be compared with every touch before
-- anything else is, which is deals times touches.
	with told as materialized (
		select o.deal_no, t.touch_no, t.occurred_at, t.account_id, t.channel_key, t.direct, t.sales, t.person_key, t.by_rep, t.opted_out, t.mail
		from (
			select d.deal_no, p.touch_no
			from far d
			join touch_person p on p.account_id = d.account_id
			where d.account_id <> ''
			union
			select d.deal_no, t.touch_no
			from far d
			join able_touch t on t.deal_id = d.deal_id
			where t.deal_id <> ''
		) o
		join able_touch t on t.touch_no = o.touch_no
	)
	select
		d.deal_no, d.created_at, d.lead_at, d.window_to, t.touch_no, t.occurred_at, t.channel_key, t.direct, t.sales, t.person_key, t.by_rep, t.opted_out, t.mail
	from far d
	join able_touch t on t.account_id = d.account_id
	where d.account_id <> '' and t.occurred_at >= d.far_from and t.occurred_at <= d.window_to
	union all
	select
		d.deal_no, d.created_at, d.lead_at, d.window_to, t.touch_no, t.occurred_at, t.channel_key, t.direct, t.sales, t.person_key, t.by_rep, t.opted_out, t.mail
	from told t
	join far d on d.deal_no = t.deal_no
	where (d.account_id = '' or t.account_id <> d.account_id) and t.occurred_at >= d.far_from and t.occurred_at <= d.window_to
