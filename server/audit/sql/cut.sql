-- The only statement that takes rows away: the old end, whose last hash is kept
-- in audit_cut.
delete from audit where seq <= $seq
