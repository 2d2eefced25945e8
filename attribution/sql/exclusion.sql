-- The rules that keep touches out of every journey, in order; '' matches all.
-- Grain: one row a rule.
create or replace /*temp*/ table exclusion (
	rule_no integer, rule varchar, channel varchar, campaign_id varchar, post_id varchar, rep_id varchar, kind varchar, source varchar
)
