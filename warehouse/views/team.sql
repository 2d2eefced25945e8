-- One row per team.
create or replace view said.team as
select
    x.team_id, x.name, nullif(x.parent_team_id, '') as parent_team_id, nullif(x.manager_rep_id, '') as manager_rep_id, nullif(x.region, '') as region
from main.team x
