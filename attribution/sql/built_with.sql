-- The settings the stored ledger was made with. Grain: one row.
select s.model, s.lookback_days, s.anchor, s.people, s.path, s.touches, s.half_life_days, s.built_at
from attribution_setting s
