-- Why nothing was learned, and what following adds to effects. Grain: one row, or
-- none before the first refresh.
select f.reason, f.creation_follows, f.moves_follows
from incremental_fit f
