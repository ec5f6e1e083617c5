-- id: evidence-reaches-floor
-- table: *
-- severity: error
-- message: {measure} of {table_name} is {found}, the floor is {floor}; cite further publishers, or lower the floor in the
--   package's metadata and say why
-- reason: How well the rows are attested may rise from release to release, and must not fall unseen.
WITH measured AS (
  SELECT table_name, 'share_two_publishers' AS measure, share_two_publishers AS found
  FROM evidence_by_table
  UNION ALL
  SELECT table_name, 'share_both_sides' AS measure, share_both_sides AS found
  FROM evidence_by_table
  UNION ALL
  SELECT table_name, 'field_citations' AS measure, CAST(field_citations AS DOUBLE) AS found
  FROM evidence_by_table
)
SELECT f.table_name, CAST(NULL AS VARCHAR) AS record_id, f.measure, m.found, f.floor
FROM package_floors AS f
JOIN measured AS m ON f.table_name = m.table_name AND f.measure = m.measure
WHERE m.found < f.floor
ORDER BY f.table_name, f.measure
