-- id: rows-reach-floor
-- table: *
-- severity: error
-- message: {table_name} has {row_count} rows, the floor is {wanted}; restore the missing rows, or lower the floor in
--   the package's metadata and say why
-- reason: Rows that vanish by accident leave a package that is valid and wrong; a floor under each table makes the
--   loss visible.
SELECT f.table_name, CAST(NULL AS VARCHAR) AS record_id, t.row_count, CAST(f.floor AS BIGINT) AS wanted
FROM package_floors AS f
JOIN (SELECT table_name, MAX(row_count) AS row_count FROM package_fields GROUP BY table_name) AS t
  ON f.table_name = t.table_name
WHERE f.measure = 'rows' AND t.row_count < f.floor
ORDER BY f.table_name
