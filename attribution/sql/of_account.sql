-- The touches of everybody of the deal's account, which need not be told apart, and
-- only the other ones of told. Part of candidate under the account rule. Grain: one
-- row a deal and touch.
		and (d.account_id = '' or t.account_id <> d.account_id)
	union all
	select
		d.deal_no, d.created_at, d.lead_at, d.window_to, t.touch_no, t.occurred_at, t.channel_key, t.direct, t.sales, t.person_key, t.by_rep, t.opted_out, t.mail
	from far d
	join able_touch t on t.account_id = d.account_id
	where d.account_id <> '' and t.occurred_at >= d.far_from and t.occurred_at <= d.window_to
