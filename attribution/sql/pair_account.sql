-- Touches of meetings that somebody of the deal's account was at, and touches that
-- a source ties to the deal itself. Part of candidate. Grain: one row a deal and
-- touch.
		select d.deal_no, p.touch_no
		from far d
		join touch_person p on p.account_id = d.account_id
		where d.account_id <> ''
		union
		select d.deal_no, t.touch_no
		from far d
		join able_touch t on t.deal_id = d.deal_id
		where t.deal_id <> ''
