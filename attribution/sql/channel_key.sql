-- The channels of touches, numbered. Grain: one row a channel.
create or replace /*temp*/ table channel_key as
select c.channel, cast(row_number() over (order by c.channel) as integer) as channel_no
from (select distinct t.channel from touch t) c
