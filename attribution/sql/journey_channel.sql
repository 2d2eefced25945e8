-- How often each channel stands in a journey, and how many channels the journey
-- has. Grain: one row a deal and channel.
create or replace temp table journey_channel as
with counted as (
	select p.deal_no, p.channel_key, count(*) as touches
	from path p
	group by p.deal_no, p.channel_key
),
wide as (
	select c.deal_no, count(*) as channels
	from counted c
	group by c.deal_no
)
select c.deal_no, c.channel_key, cast(c.touches as integer) as channel_touches, cast(w.channels as integer) as channels
from counted c
join wide w on w.deal_no = c.deal_no
