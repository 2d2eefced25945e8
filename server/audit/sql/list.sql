-- One row an event that the filter lets through, the newest first. A point where
-- nothing is asked for is an empty text.
select a.seq, a.happened_at, a.actor, a.action, a.object, a.detail, a.previous, a.hash
from audit a
where ($actor = '' or a.actor = $actor)
    and ($action = '' or a.action = $action)
    and ($object = '' or contains(lower(a.object), lower($object)) or contains(lower(a.detail), lower($object)))
    and ($of = '' or a.object = $of)
    and a.happened_at >= $from
    and a.happened_at < $to
    and a.seq < $before
order by a.seq desc
limit $limit
