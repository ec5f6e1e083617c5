-- id: nothing-after-end
-- table: *
-- severity: error
-- message: {found_id} ({found_on}, {found_status}) comes after {agreement_id} had ended ({end_status}, {ended_on});
--   after an end only a superseded event, or an agreement that renews it, may follow
-- reason: An agreement that has expired, was terminated or superseded has no further life; what takes it up again is a
--   new agreement that renews it. Delivered is no end.
WITH ends AS (
  SELECT agreement_id, happened_on AS ended_on, status AS end_status,
         CASE date_precision
           WHEN 'month' THEN happened_on + INTERVAL '1 month' - INTERVAL '1 day'
           WHEN 'year' THEN happened_on + INTERVAL '1 year' - INTERVAL '1 day'
           ELSE happened_on
         END AS latest_end
  FROM agreement_events
  WHERE status IN ('expired', 'terminated', 'superseded')
),
later AS (
  SELECT 'agreement_events' AS table_name, e.event_id AS record_id, 'status' AS field, e.event_id AS found_id,
         e.agreement_id, e.happened_on AS found_on, e.status AS found_status
  FROM agreement_events AS e
  WHERE e.status <> 'superseded'
  UNION ALL
  SELECT 'agreement_links' AS table_name, CONCAT_WS('/', l.agreement_id, l.related_id, l.relation) AS record_id,
         'relation' AS field, l.agreement_id AS found_id, l.related_id AS agreement_id, a.made_on AS found_on,
         l.relation AS found_status
  FROM agreement_links AS l
  JOIN agreements AS a ON l.agreement_id = a.agreement_id
  WHERE l.relation NOT IN ('renews', 'supersedes')
)
SELECT f.table_name, f.record_id, f.field, f.found_id, f.found_on, f.found_status, f.agreement_id, e.end_status,
       e.ended_on
FROM later AS f
JOIN ends AS e ON f.agreement_id = e.agreement_id
WHERE f.found_on > e.latest_end
ORDER BY f.table_name, f.record_id, e.ended_on, e.end_status
