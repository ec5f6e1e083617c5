-- id: cells-reach-floor
-- table: *
-- severity: error
-- message: {field} is filled in {filled} of {row_count} rows, the floor is a share of {floor}; restore the missing
--   values, or lower the floor in the package's metadata and say why
-- reason: A column that empties by accident stays valid wherever null is allowed; a floor under its fill rate makes
--   the loss visible.
SELECT f.table_name, CAST(NULL AS VARCHAR) AS record_id, f.field, t.filled, t.row_count, f.floor
FROM package_floors AS f
JOIN package_fields AS t ON f.table_name = t.table_name AND f.field = t.field
WHERE f.measure = 'filled' AND t.row_count > 0 AND CAST(t.filled AS DOUBLE) / t.row_count < f.floor
ORDER BY f.table_name, f.field
