-- The posts of suspected beside the touches. Grain: one row an account and post.
insert into touch (
	touch_no, touch_id, occurred_at, kind, channel, campaign_id, post_id, rep_id, person_id, account_id, deal_id,
	evidence, direction, earns, withheld, reason, title, duration_s, source, source_priority, records, page,
	fact, sent_only, opened_only, opted_out, rule
)
/*suspected*/
