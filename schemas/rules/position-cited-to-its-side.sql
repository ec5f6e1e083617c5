-- id: position-cited-to-its-side
-- table: issues
-- severity: error
-- message: {field} is filled, but no page from {country} is cited for it; cite one of that side or leave the position
--   empty
-- reason: A government's position is told from its own side's pages, never from the other's account of it.
WITH positions AS (
  SELECT issue_id, 'position_jp_en' AS field, 'JP' AS country FROM issues WHERE position_jp_en IS NOT NULL
  UNION ALL
  SELECT issue_id, 'position_kr_en' AS field, 'KR' AS country FROM issues WHERE position_kr_en IS NOT NULL
),
cited AS (
  SELECT DISTINCT c.record_id, c.field, s.country
  FROM citations AS c
  JOIN sources AS s ON c.source_id = s.source_id
  WHERE c.table_name = 'issues' AND c.relation = 'supports'
)
SELECT p.issue_id, p.field, p.country
FROM positions AS p
LEFT JOIN cited AS c ON p.issue_id = c.record_id AND p.field = c.field AND p.country = c.country
WHERE c.record_id IS NULL
ORDER BY p.issue_id, p.field
