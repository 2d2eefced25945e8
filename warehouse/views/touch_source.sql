-- One row per record that saw a touch.
create or replace view said.touch_source as
select
    x.touch_id, x.source, x.stream, x.source_id
from main.touch_source x
