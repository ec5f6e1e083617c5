-- id: code-has-value
-- table: *
-- severity: error
-- message: {value} is described here, but is no value of {place}; add it to the schema or remove this row
-- reason: The codebook describes the values that exist, neither more nor less. A row whose value is * is the title of
--   a field or table; field-has-title judges those.
SELECT 'codes' AS table_name, CONCAT_WS('/', c.table_name, c.field, c.value) AS record_id, 'value' AS field, c.value,
       CONCAT_WS('.', c.table_name, c.field) AS place
FROM codes AS c
LEFT JOIN package_values AS v ON c.table_name = v.table_name AND c.field = v.field AND c.value = v.value
WHERE v.value IS NULL AND c.value <> '*'
ORDER BY record_id
