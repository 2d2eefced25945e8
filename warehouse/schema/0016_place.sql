-- Candidates of journeys tell their place from this version on: what was derived
-- before is out of date, whatever program asks.
update generation set built_by = 'schema 15' where generation > 0;
