-- Which program derived the current generation: another one derives other
-- tables, so it refreshes before it serves.
alter table generation add column built_by varchar;
