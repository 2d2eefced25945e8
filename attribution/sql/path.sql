-- Touches that count under the settings: the path of each deal before, or when
-- every touch counts after, the path rule. What a setting adds stands in the
-- marks, numbers and words of ours only: a view takes no parameters, and the
-- engine plans by what it sees. Grain: one row a deal and touch.
create or replace temp view /*view*/ as
select
	c.deal_no, c.touch_no, c.closed_age, c.before_creation, c.before_lead, c.channel_key, c.direct, c.person_key, c.by_rep,
	c.opted_out as withheld, c.place
from candidate c/*sources*/
where /*age*/ <= /*lookback_s*//*further*/
	and c.mail in (/*mail*/)/*rules*/
