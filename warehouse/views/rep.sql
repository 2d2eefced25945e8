-- One row per rep.
create or replace view said.rep as
select
    x.rep_id, x.name, nullif(x.email, '') as email, nullif(x.team_id, '') as team_id, nullif(x.title, '') as title, nullif(x.region, '') as region, x.started_on, x.ended_on
from main.rep x
