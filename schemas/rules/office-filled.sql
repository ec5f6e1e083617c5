-- id: office-filled
-- table: *
-- severity: error
-- message: no term covers {gap_from} for {country}; somebody, if only an acting one, has to be in office on each day of
--   coverage
-- reason: A gap between two terms is a missing row or a wrong day. Terms of lower precision may reach to the end of
--   their period.
WITH held AS (
  SELECT t.term_id, l.country, t.start_on AS starts,
         COALESCE(CASE t.date_precision
                    WHEN 'month' THEN t.end_on + INTERVAL '1 month' - INTERVAL '1 day'
                    WHEN 'year' THEN t.end_on + INTERVAL '1 year' - INTERVAL '1 day'
                    ELSE t.end_on
                  END, DATE '9999-12-31') AS ends
  FROM terms AS t
  JOIN leaders AS l ON t.leader_id = l.leader_id
),
-- the days that have to be covered: the first one of coverage, and the one after each term that ends in coverage
days AS (
  SELECT CAST(NULL AS VARCHAR) AS term_id, v.value AS country, p.starts_on AS gap_from
  FROM package_values AS v
  CROSS JOIN package_info AS p
  WHERE v.table_name = 'leaders' AND v.field = 'country'
  UNION ALL
  SELECT h.term_id, h.country, h.ends + INTERVAL '1 day' AS gap_from
  FROM held AS h
  JOIN package_info AS p ON h.ends < p.checked_through
  WHERE h.ends >= p.starts_on
),
covered AS (
  SELECT DISTINCT d.country, d.gap_from
  FROM days AS d
  JOIN held AS h ON d.country = h.country AND h.starts <= d.gap_from AND h.ends >= d.gap_from
)
SELECT 'terms' AS table_name, d.term_id AS record_id, 'end_on' AS field, d.country, d.gap_from
FROM days AS d
LEFT JOIN covered AS c ON d.country = c.country AND d.gap_from = c.gap_from
WHERE c.country IS NULL
ORDER BY d.country, d.gap_from, record_id
