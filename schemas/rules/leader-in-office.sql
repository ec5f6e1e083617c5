-- id: leader-in-office
-- table: summits
-- severity: error
-- message: {leader_id} held no office on any day from {start_on} to {end_on}; name the leader of these days, or correct
--   the term or the dates
-- reason: Each leader of a summit held office on one of its days. One of them is enough: 1988-02-24-seoul and
--   2008-02-24-seoul begin on the day before an inauguration. Where the last day is not known, a week is allowed
--   for.
WITH stays AS (
  SELECT summit_id, jp_leader_id, kr_leader_id, start_on, end_on, date_precision,
         COALESCE(end_on, start_on + INTERVAL '6 days') AS last_on
  FROM summits
),
sides AS (
  SELECT summit_id, 'jp_leader_id' AS field, jp_leader_id AS leader_id, start_on, end_on,
         CASE date_precision
           WHEN 'month' THEN last_on + INTERVAL '1 month' - INTERVAL '1 day'
           WHEN 'year' THEN last_on + INTERVAL '1 year' - INTERVAL '1 day'
           ELSE last_on
         END AS latest_end
  FROM stays
  UNION ALL
  SELECT summit_id, 'kr_leader_id' AS field, kr_leader_id AS leader_id, start_on, end_on,
         CASE date_precision
           WHEN 'month' THEN last_on + INTERVAL '1 month' - INTERVAL '1 day'
           WHEN 'year' THEN last_on + INTERVAL '1 year' - INTERVAL '1 day'
           ELSE last_on
         END AS latest_end
  FROM stays
),
held AS (
  SELECT leader_id, start_on AS starts, COALESCE(CASE date_precision
                                                   WHEN 'month' THEN end_on + INTERVAL '1 month' - INTERVAL '1 day'
                                                   WHEN 'year' THEN end_on + INTERVAL '1 year' - INTERVAL '1 day'
                                                   ELSE end_on
                                                 END, DATE '9999-12-31') AS ends
  FROM terms
),
in_office AS (
  SELECT DISTINCT s.summit_id, s.field
  FROM sides AS s
  JOIN held AS h ON s.leader_id = h.leader_id AND h.starts <= s.latest_end AND h.ends >= s.start_on
)
SELECT s.summit_id, s.field, s.leader_id, s.start_on, s.end_on
FROM sides AS s
LEFT JOIN in_office AS o ON s.summit_id = o.summit_id AND s.field = o.field
WHERE o.summit_id IS NULL
ORDER BY s.summit_id, s.field
