-- Touches that count under the settings, in journey order: the path of each deal
-- before, or when every touch counts after, the path rule. What a setting adds
-- stands in the marks; rows keep the order of candidate unless something is joined.
-- Grain: one row a deal and touch.
create or replace temp table /*table*/ as
select
	c.deal_no, c.touch_no, c.closed_age, coalesce(c.created_age >= 0, false) as before_creation, c.before_lead,
	c.channel_no, c.direct, c.person_no, c.by_rep, c.opted_out as withheld
from candidate c/*sources*/
where /*age*/ <= $lookback_s/*further*/
	and (c.free or (c.sent_only and $sent_mail) or (c.opened_only and $opened_mail))/*rules*//*order*/
