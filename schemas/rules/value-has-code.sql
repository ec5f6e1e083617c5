-- id: value-has-code
-- table: *
-- severity: error
-- message: {value} is a value of {place} but has no row in codes that says when it applies and when not; describe it
--   there
-- reason: A value without labels and a rule means something different to each reader. Only the title of a field or
--   table, whose value is *, goes without rule_out.
SELECT 'codes' AS table_name, CONCAT_WS('/', v.table_name, v.field, v.value) AS record_id, v.value,
       CONCAT_WS('.', v.table_name, v.field) AS place
FROM package_values AS v
LEFT JOIN codes AS c ON v.table_name = c.table_name AND v.field = c.field AND v.value = c.value
WHERE c.value IS NULL OR c.rule_out IS NULL
ORDER BY record_id
