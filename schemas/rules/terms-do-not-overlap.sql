-- id: terms-do-not-overlap
-- table: terms
-- severity: error
-- message: the term from {start_on} begins while {other_id} still holds the same office ({office}, {other_start} to
--   {other_end}); a day of change may belong to both, no further day
-- reason: One office has one holder. Acting offices are offices of their own, so that an acting president stands
--   beside a suspended one.
WITH held AS (
  SELECT term_id, office, start_on, end_on,
         CASE date_precision
           WHEN 'month' THEN start_on + INTERVAL '1 month' - INTERVAL '1 day'
           WHEN 'year' THEN start_on + INTERVAL '1 year' - INTERVAL '1 day'
           ELSE start_on
         END AS latest_start,
         COALESCE(end_on, DATE '9999-12-31') AS earliest_end
  FROM terms
)
SELECT b.term_id, 'start_on' AS field, b.start_on, b.office, a.term_id AS other_id, a.start_on AS other_start,
       a.end_on AS other_end
FROM held AS a
JOIN held AS b ON a.office = b.office
WHERE (a.start_on < b.start_on OR (a.start_on = b.start_on AND a.term_id < b.term_id))
  AND b.latest_start < a.earliest_end
  AND a.latest_start < b.earliest_end
ORDER BY b.term_id, other_id
