-- The statement of a syntax tree.
select json_deserialize_sql(cast($tree as json))
