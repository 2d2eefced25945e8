-- The next row of the log.
insert into audit (seq, happened_at, actor, action, object, detail, previous, hash)
values ($seq, $at, $actor, $action, $object, $detail, $previous, $hash)
