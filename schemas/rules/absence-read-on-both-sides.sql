-- id: absence-read-on-both-sides
-- table: summit_issues
-- severity: error
-- message: the absence of {issue_id} is verified, but no official page of {missing} is cited as silent; read one of
--   each side for it and cite it, or write candidate
-- reason: That something is not in the public record can be called verified only if an official page of each side was
--   read for it.
WITH sides AS (
  SELECT DISTINCT c.record_id, s.country
  FROM citations AS c
  JOIN sources AS s ON c.source_id = s.source_id
  WHERE c.table_name = 'summit_issues' AND c.relation = 'silent' AND s.kind = 'official'
),
absences AS (
  SELECT a.summit_id, a.issue_id, CONCAT_WS('/', a.summit_id, a.issue_id) AS record_id, v.value AS country
  FROM summit_issues AS a
  CROSS JOIN package_values AS v
  WHERE a.treatment = 'not_in_public_record' AND a.review_status = 'verified'
    AND v.table_name = 'leaders' AND v.field = 'country'
)
SELECT a.summit_id, a.issue_id, 'review_status' AS field, a.country AS missing
FROM absences AS a
LEFT JOIN sides AS s ON a.record_id = s.record_id AND a.country = s.country
WHERE s.record_id IS NULL
ORDER BY a.summit_id, a.issue_id, missing
