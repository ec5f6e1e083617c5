-- evidence_by_table: how well each fact table is attested as a whole
-- Shares are of the rows with a grade: an absence that rests on silent pages has none and is counted apart.
WITH cells AS (
  SELECT table_name, COUNT(*) AS field_citations
  FROM citations
  WHERE field <> '*'
  GROUP BY table_name
)
SELECT
  e.table_name,
  COUNT(*) AS records,
  SUM(CASE WHEN e.grade IS NULL THEN 0 ELSE 1 END) AS graded,
  SUM(CASE WHEN e.grade = 'A' THEN 1 ELSE 0 END) AS grade_a,
  SUM(CASE WHEN e.grade = 'B' THEN 1 ELSE 0 END) AS grade_b,
  SUM(CASE WHEN e.grade = 'C' THEN 1 ELSE 0 END) AS grade_c,
  SUM(CASE WHEN e.grade = 'D' THEN 1 ELSE 0 END) AS grade_d,
  SUM(CASE WHEN e.publishers >= 2 THEN 1 ELSE 0 END) AS two_publishers,
  SUM(CASE WHEN e.sides = 'both' THEN 1 ELSE 0 END) AS both_sides,
  SUM(CASE WHEN e.contradicting > 0 THEN 1 ELSE 0 END) AS contradicted,
  COALESCE(MAX(c.field_citations), 0) AS field_citations,
  CASE WHEN SUM(CASE WHEN e.grade IS NULL THEN 0 ELSE 1 END) = 0 THEN NULL
    ELSE CAST(SUM(CASE WHEN e.publishers >= 2 THEN 1 ELSE 0 END) AS DOUBLE)
      / SUM(CASE WHEN e.grade IS NULL THEN 0 ELSE 1 END) END AS share_two_publishers,
  CASE WHEN SUM(CASE WHEN e.grade IS NULL THEN 0 ELSE 1 END) = 0 THEN NULL
    ELSE CAST(SUM(CASE WHEN e.sides = 'both' THEN 1 ELSE 0 END) AS DOUBLE)
      / SUM(CASE WHEN e.grade IS NULL THEN 0 ELSE 1 END) END AS share_both_sides
FROM evidence AS e
LEFT JOIN cells AS c ON e.table_name = c.table_name
GROUP BY e.table_name
ORDER BY e.table_name
