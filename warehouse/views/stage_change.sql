-- One row per entry of a deal into a stage.
create or replace view said.stage_change as
select
    x.deal_id, x.stage, x.changed_at, nullif(x.rep_id, '') as rep_id
from main.stage_change x
