-- The first administrator exists; a second row is not written.
insert into set_up
select cast($now as timestamp)
where not exists (select s.done_at from set_up s)
