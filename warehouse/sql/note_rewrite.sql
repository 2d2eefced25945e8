-- Bytes of deleted rows stand in the file until it is written anew.
insert into rewrite_due (since)
select cast($since as timestamp)
where not exists (select 1 from rewrite_due)
