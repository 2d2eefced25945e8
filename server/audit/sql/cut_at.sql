-- One row: number and hash of the last row that was cut off; 0 and empty when
-- none was.
select coalesce(max(c.seq), 0), coalesce(max_by(c.hash, c.seq), '')
from audit_cut c
