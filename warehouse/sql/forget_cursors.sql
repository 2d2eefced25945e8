-- Every source is read whole at its next sync.
update source_state set cursor = ''
