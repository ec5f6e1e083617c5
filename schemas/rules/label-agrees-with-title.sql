-- id: label-agrees-with-title
-- table: *
-- severity: error
-- message: label_en is {label_en}, but the schema titles {place} {title}; write the same in both
-- reason: The title stands in the schema and, with its translations, in codes. If one is changed alone, the
--   translations belong to a title that is no longer there.
WITH titles AS (
  SELECT table_name, field, title FROM package_fields
  UNION ALL
  SELECT table_name, '*' AS field, title FROM package_tables
)
SELECT 'codes' AS table_name, CONCAT_WS('/', c.table_name, c.field, c.value) AS record_id, 'label_en' AS field,
       c.label_en, CONCAT_WS('.', t.table_name, t.field) AS place, t.title
FROM codes AS c
JOIN titles AS t ON c.table_name = t.table_name AND c.field = t.field
WHERE c.value = '*' AND (t.title IS NULL OR c.label_en <> t.title)
ORDER BY record_id
