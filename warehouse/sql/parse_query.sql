-- The syntax tree of a statement as JSON, by the engine's own parser.
select cast(json_serialize_sql(cast($text as varchar)) as varchar)
