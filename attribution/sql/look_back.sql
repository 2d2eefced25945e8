-- One more channel with a lookback of its own. Grain: one row.
insert into channel_lookback values ($channel, $more_days)
