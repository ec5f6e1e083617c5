-- id: source-is-cited
-- table: sources
-- severity: error
-- message: no row cites this source; cite it in citations (or corrections) or remove it
-- reason: A source that supports nothing only lengthens the list and suggests evidence that is not there.
WITH used AS (
  SELECT source_id FROM citations
  UNION
  SELECT source_id FROM corrections WHERE source_id IS NOT NULL
)
SELECT s.source_id, 'source_id' AS field
FROM sources AS s
LEFT JOIN used AS u ON s.source_id = u.source_id
WHERE u.source_id IS NULL
ORDER BY s.source_id
