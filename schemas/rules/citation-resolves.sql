-- id: citation-resolves
-- table: *
-- severity: error
-- message: there is no {what}; correct the citation or remove it
-- reason: A citation points at a row by table and key, and at a column by name; no foreign key can check that, since
--   the table differs from row to row.
SELECT 'citations' AS table_name,
       CONCAT_WS('/', c.table_name, c.record_id, c.field, c.source_id, c.relation) AS record_id,
       CASE WHEN r.record_id IS NULL THEN 'record_id' ELSE 'field' END AS field,
       CASE WHEN r.record_id IS NULL THEN CONCAT_WS(' ', 'row', c.record_id, 'in', c.table_name)
            ELSE CONCAT_WS(' ', 'column', c.field, 'in', c.table_name) END AS what
FROM citations AS c
LEFT JOIN package_records AS r ON c.table_name = r.table_name AND c.record_id = r.record_id
LEFT JOIN package_fields AS f ON c.table_name = f.table_name AND c.field = f.field
WHERE r.record_id IS NULL OR (f.field IS NULL AND c.field <> '*')
ORDER BY record_id
