-- agreement_status: where each agreement stands by its last event, counted to the day up to which it was checked
-- A date of lower precision counts as the end of its period. Events of equal end stand in the order of their ids, whose
-- last part (-2, -3 ... -10) is a number: one digit after a hyphen is padded to two, so that -2 stands before -10.
WITH dated AS (
  SELECT
    event_id,
    agreement_id,
    status,
    happened_on,
    date_precision,
    CASE date_precision
      WHEN 'day' THEN happened_on
      WHEN 'month' THEN happened_on + INTERVAL '1 month' - INTERVAL '1 day'
      ELSE happened_on + INTERVAL '1 year' - INTERVAL '1 day'
    END AS happened_by,
    CASE WHEN event_id LIKE '%-_'
      THEN CONCAT(LEFT(event_id, LENGTH(event_id) - 1), '0', RIGHT(event_id, 1)) ELSE event_id END AS id_order
  FROM agreement_events
),
current_event AS (
  SELECT agreement_id, event_id, status, happened_on, date_precision, happened_by
  FROM dated
  WHERE status NOT IN ('background', 'reaffirmed')
  QUALIFY ROW_NUMBER() OVER (PARTITION BY agreement_id ORDER BY happened_by DESC, id_order DESC, event_id DESC) = 1
),
standing_event AS (
  SELECT agreement_id, status, happened_on, date_precision
  FROM dated
  WHERE status IN ('signed', 'ratified', 'in_force', 'notice_given', 'expired', 'terminated', 'superseded')
  QUALIFY ROW_NUMBER() OVER (PARTITION BY agreement_id ORDER BY happened_by DESC, id_order DESC, event_id DESC) = 1
),
reaffirmation AS (
  SELECT agreement_id, happened_on, date_precision
  FROM dated
  WHERE status = 'reaffirmed'
  QUALIFY ROW_NUMBER() OVER (PARTITION BY agreement_id ORDER BY happened_by DESC, id_order DESC, event_id DESC) = 1
),
last_record AS (
  SELECT agreement_id, MAX(happened_by) AS happened_by
  FROM dated
  WHERE status <> 'background'
  GROUP BY agreement_id
),
parents AS (
  SELECT DISTINCT related_id AS agreement_id, TRUE AS is_parent
  FROM agreement_links
  WHERE relation = 'part_of'
),
made AS (
  SELECT
    a.agreement_id,
    a.form,
    a.checked_on,
    CASE WHEN a.stage IN ('proposed_by_jp', 'proposed_by_kr') OR p.is_parent
      THEN FALSE ELSE TRUE END AS counts_as_promise,
    CASE a.date_precision
      WHEN 'day' THEN a.made_on
      WHEN 'month' THEN a.made_on + INTERVAL '1 month' - INTERVAL '1 day'
      ELSE a.made_on + INTERVAL '1 year' - INTERVAL '1 day'
    END + INTERVAL '12 months' AS due_by
  FROM agreements AS a
  LEFT JOIN parents AS p ON a.agreement_id = p.agreement_id
),
kept AS (
  SELECT DISTINCT d.agreement_id, TRUE AS in_time
  FROM dated AS d
  JOIN made AS m ON d.agreement_id = m.agreement_id
  WHERE d.happened_by <= m.due_by
    AND (d.status IN ('delivered', 'implementing') OR (d.status = 'in_force' AND m.form = 'treaty'))
)
SELECT
  m.agreement_id,
  c.status,
  c.event_id AS status_event_id,
  c.happened_on AS status_on,
  c.date_precision AS status_precision,
  CASE WHEN c.date_precision = 'day'
    THEN CAST(m.checked_on AS INTEGER) - CAST(c.happened_on AS INTEGER) END AS days_since_status,
  CASE WHEN c.status IS NOT NULL THEN c.status IN ('expired', 'terminated', 'superseded') END AS terminal,
  s.status AS standing,
  s.happened_on AS standing_on,
  s.date_precision AS standing_precision,
  r.happened_on AS last_reaffirmed_on,
  r.date_precision AS last_reaffirmed_precision,
  CASE WHEN c.status IN ('announced', 'negotiating', 'signed', 'implementing', 'stalled')
    THEN l.happened_by + INTERVAL '18 months' <= m.checked_on
  END AS no_recent_record,
  m.counts_as_promise,
  CASE WHEN m.counts_as_promise AND m.due_by <= m.checked_on
    THEN COALESCE(k.in_time, FALSE) END AS evidence_within_12_months,
  m.checked_on
FROM made AS m
LEFT JOIN current_event AS c ON m.agreement_id = c.agreement_id
LEFT JOIN standing_event AS s ON m.agreement_id = s.agreement_id
LEFT JOIN reaffirmation AS r ON m.agreement_id = r.agreement_id
LEFT JOIN last_record AS l ON m.agreement_id = l.agreement_id
LEFT JOIN kept AS k ON m.agreement_id = k.agreement_id
ORDER BY m.agreement_id
