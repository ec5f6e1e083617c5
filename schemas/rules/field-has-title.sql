-- id: field-has-title
-- table: *
-- severity: error
-- message: {place} {problem}
-- reason: A schema has its titles in one language; codes carries those of every table and field in three, in the rows
--   whose value is *. One that is missing leaves readers of the other two languages with a bare name.
WITH things AS (
  SELECT table_name, field FROM package_fields
  UNION ALL
  SELECT DISTINCT table_name, '*' AS field FROM package_fields
),
titles AS (
  SELECT table_name, field FROM codes WHERE value = '*'
)
SELECT 'codes' AS table_name, CONCAT_WS('/', t.table_name, t.field, '*') AS record_id,
       CONCAT_WS('.', t.table_name, t.field) AS place,
       'has no row with value * in codes; give its title in three languages there' AS problem
FROM things AS t
LEFT JOIN titles AS c ON t.table_name = c.table_name AND t.field = c.field
WHERE c.field IS NULL
UNION ALL
SELECT 'codes' AS table_name, CONCAT_WS('/', c.table_name, c.field, '*') AS record_id,
       CONCAT_WS('.', c.table_name, c.field) AS place,
       'is titled here, but there is no such field; correct the row or remove it' AS problem
FROM titles AS c
LEFT JOIN things AS t ON c.table_name = t.table_name AND c.field = t.field
WHERE t.field IS NULL
UNION ALL
SELECT 'codes' AS table_name, CONCAT_WS('/', table_name, field, value) AS record_id,
       CONCAT_WS('.', table_name, field) AS place,
       'is a title and has a rule_out; say in rule_in what the column holds and leave rule_out empty' AS problem
FROM codes
WHERE value = '*' AND rule_out IS NOT NULL
ORDER BY record_id
