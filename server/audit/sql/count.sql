-- How many events the filter of list.sql lets through.
select count(*)
from audit a
where ($actor = '' or a.actor = $actor)
    and ($action = '' or a.action = $action)
    and ($object = '' or contains(lower(a.object), lower($object)) or contains(lower(a.detail), lower($object)))
    and ($of = '' or a.object = $of)
    and a.happened_at >= $from
    and a.happened_at < $to
