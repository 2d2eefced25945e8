-- The settings the stored ledger was made with. Grain: one row.
select s.settings, s.built_at
from attribution_setting s
