-- One row: number and hash that the next row follows. Without rows it is where
-- the log was cut, or 0 and empty.
select coalesce(max(x.seq), 0), coalesce(max_by(x.hash, x.seq), '')
from (
    select a.seq, a.hash
    from audit a
    union all
    select c.seq, c.hash
    from audit_cut c
) x
