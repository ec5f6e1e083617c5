-- id: row-is-cited
-- table: *
-- severity: error
-- message: no source supports this row; add a line to citations with relation supports{alternative}
-- reason: Every fact row has at least one source that supports it. An absence (not_in_public_record) may rest on
--   sources that were read for it and are silent; leaders inherit the sources of their terms.
WITH facts AS (
  SELECT r.table_name, r.record_id
  FROM package_records AS r
  JOIN package_values AS v ON r.table_name = v.value AND v.table_name = 'citations' AND v.field = 'table_name'
),
absences AS (
  SELECT 'summit_issues' AS table_name, CONCAT_WS('/', summit_id, issue_id) AS record_id
  FROM summit_issues
  WHERE treatment = 'not_in_public_record'
),
cited AS (
  SELECT table_name, record_id FROM citations WHERE relation = 'supports'
  UNION
  SELECT c.table_name, c.record_id
  FROM citations AS c
  JOIN absences AS a ON c.table_name = a.table_name AND c.record_id = a.record_id
  WHERE c.relation = 'silent'
  UNION
  SELECT 'leaders' AS table_name, leader_id AS record_id FROM terms
)
SELECT f.table_name, f.record_id,
       CASE
         WHEN a.record_id IS NOT NULL THEN ', or silent for an absence'
         WHEN f.table_name = 'leaders' THEN ', or a term in office with sources'
         ELSE ''
       END AS alternative
FROM facts AS f
LEFT JOIN cited AS c ON f.table_name = c.table_name AND f.record_id = c.record_id
LEFT JOIN absences AS a ON f.table_name = a.table_name AND f.record_id = a.record_id
WHERE c.record_id IS NULL
ORDER BY f.table_name, f.record_id
