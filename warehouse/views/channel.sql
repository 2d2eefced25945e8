-- One row per channel, in the order they are shown.
create or replace view said.channel as
select
    x.channel, x.position
from main.channel x
