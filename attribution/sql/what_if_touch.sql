-- The stored touches as other settings judge them. It stands before the stored
-- table of this name. Grain: one row a touch.
create or replace temp view touch as
/*judged*/
where j.kind <> 'post'
