-- id: correction-is-applied
-- table: corrections
-- severity: error
-- message: there is no row {record_id} in {table_name}; name a row that exists, or leave new_value empty for a row that was removed
-- reason: The log and the tables tell one story; a correction of a row that is not there was not applied, or names it wrongly.
SELECT c.correction_id, 'record_id' AS field, c.table_name, c.record_id
FROM corrections AS c
LEFT JOIN package_records AS r ON c.table_name = r.table_name AND c.record_id = r.record_id
WHERE c.new_value IS NOT NULL AND r.record_id IS NULL
ORDER BY c.correction_id
