-- id: correction-speaks-of-data
-- table: corrections
-- severity: error
-- message: {table_name} has no column {named}; a correction names a column of its table, or * for a row as a whole
-- reason: Whoever follows a correction from an older release has to find the cell that it speaks of.
SELECT c.correction_id, 'field' AS field, c.table_name, c.field AS named
FROM corrections AS c
LEFT JOIN package_fields AS f ON c.table_name = f.table_name AND c.field = f.field
WHERE c.field <> '*' AND f.field IS NULL
ORDER BY c.correction_id
