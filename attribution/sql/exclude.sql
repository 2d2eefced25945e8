-- One more rule. Grain: one row.
insert into exclusion values ($rule_no, $rule, $channel, $campaign_id, $post_id, $rep_id, $kind, $source)
