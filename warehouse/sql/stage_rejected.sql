-- Rejected rows wait here until the run is stored.
create temporary table stage_rejected_row (
    file varchar,
    line bigint,
    field varchar,
    reason varchar,
    row_text varchar
)
