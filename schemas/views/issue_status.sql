-- issue_status: the last steps on each issue, the last summit that took it up, and how the summits since treated it
-- A date of lower precision counts as the end of its period; events of equal end stand in the order of their ids,
-- numbers by value.
WITH dated AS (
  SELECT
    event_id,
    issue_id,
    direction,
    happened_on,
    date_precision,
    CASE date_precision
      WHEN 'day' THEN happened_on
      WHEN 'month' THEN happened_on + INTERVAL '1 month' - INTERVAL '1 day'
      ELSE happened_on + INTERVAL '1 year' - INTERVAL '1 day'
    END AS happened_by,
    CASE WHEN event_id LIKE '%-_'
      THEN CONCAT(LEFT(event_id, LENGTH(event_id) - 1), '0', RIGHT(event_id, 1)) ELSE event_id END AS id_order
  FROM issue_events
  WHERE direction <> 'background'
),
last_event AS (
  SELECT issue_id, event_id, direction, happened_on, date_precision
  FROM dated
  QUALIFY ROW_NUMBER() OVER (PARTITION BY issue_id ORDER BY happened_by DESC, id_order DESC, event_id DESC) = 1
),
last_closer AS (
  SELECT issue_id, event_id, happened_on, date_precision
  FROM dated
  WHERE direction = 'closer'
  QUALIFY ROW_NUMBER() OVER (PARTITION BY issue_id ORDER BY happened_by DESC, id_order DESC, event_id DESC) = 1
),
last_apart AS (
  SELECT issue_id, event_id, happened_on, date_precision
  FROM dated
  WHERE direction = 'apart'
  QUALIFY ROW_NUMBER() OVER (PARTITION BY issue_id ORDER BY happened_by DESC, id_order DESC, event_id DESC) = 1
),
last_taken_up AS (
  SELECT t.issue_id, t.summit_id, q.met_on, q.sequence
  FROM summit_issues AS t
  JOIN summit_sequence AS q ON t.summit_id = q.summit_id
  WHERE t.treatment IN ('progressed', 'discussed', 'raised_by_jp', 'raised_by_kr', 'mentioned')
  QUALIFY ROW_NUMBER() OVER (PARTITION BY t.issue_id ORDER BY q.sequence DESC) = 1
),
starts AS (
  SELECT i.issue_id, i.since_on, u.sequence AS last_sequence
  FROM issues AS i
  LEFT JOIN last_taken_up AS u ON i.issue_id = u.issue_id
),
later AS (
  SELECT s.issue_id, q.summit_id
  FROM starts AS s
  CROSS JOIN summit_sequence AS q
  WHERE q.sequence > s.last_sequence OR (s.last_sequence IS NULL AND q.met_on >= s.since_on)
),
since AS (
  SELECT
    l.issue_id,
    COUNT(*) AS summits_since,
    SUM(CASE WHEN t.treatment IN ('said_not_discussed', 'not_in_public_record') THEN 1 ELSE 0 END) AS absences_since,
    SUM(CASE WHEN t.treatment IS NULL THEN 1 ELSE 0 END) AS not_coded_since
  FROM later AS l
  LEFT JOIN summit_issues AS t ON l.issue_id = t.issue_id AND l.summit_id = t.summit_id
  GROUP BY l.issue_id
)
SELECT
  i.issue_id,
  e.event_id AS last_event_id,
  e.happened_on AS last_event_on,
  e.date_precision AS last_event_precision,
  e.direction AS last_event_direction,
  c.event_id AS last_closer_id,
  c.happened_on AS last_closer_on,
  c.date_precision AS last_closer_precision,
  a.event_id AS last_apart_id,
  a.happened_on AS last_apart_on,
  a.date_precision AS last_apart_precision,
  u.summit_id AS last_summit_id,
  u.met_on AS last_summit_on,
  CASE WHEN u.summit_id IS NOT NULL OR i.since_on IS NOT NULL THEN COALESCE(n.summits_since, 0) END AS summits_since,
  CASE WHEN u.summit_id IS NOT NULL OR i.since_on IS NOT NULL THEN COALESCE(n.absences_since, 0) END AS absences_since,
  CASE WHEN u.summit_id IS NOT NULL OR i.since_on IS NOT NULL
    THEN COALESCE(n.not_coded_since, 0) END AS not_coded_since,
  i.checked_on
FROM issues AS i
LEFT JOIN last_event AS e ON i.issue_id = e.issue_id
LEFT JOIN last_closer AS c ON i.issue_id = c.issue_id
LEFT JOIN last_apart AS a ON i.issue_id = a.issue_id
LEFT JOIN last_taken_up AS u ON i.issue_id = u.issue_id
LEFT JOIN since AS n ON i.issue_id = n.issue_id
ORDER BY i.issue_id
