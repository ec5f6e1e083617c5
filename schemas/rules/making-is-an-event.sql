-- id: making-is-an-event
-- table: agreements
-- severity: error
-- message: no event falls on the day it was made ({made_on}); enter the making itself as an event, or correct one of
--   the dates
-- reason: The making is the first event of every agreement; without it an agreement of one day would look like one
--   that began with its follow-up.
WITH makings AS (
  SELECT DISTINCT a.agreement_id
  FROM agreements AS a
  JOIN agreement_events AS e ON a.agreement_id = e.agreement_id
  WHERE e.status <> 'background'
    AND e.happened_on <= CASE a.date_precision
                           WHEN 'month' THEN a.made_on + INTERVAL '1 month' - INTERVAL '1 day'
                           WHEN 'year' THEN a.made_on + INTERVAL '1 year' - INTERVAL '1 day'
                           ELSE a.made_on
                         END
    AND CASE e.date_precision
          WHEN 'month' THEN e.happened_on + INTERVAL '1 month' - INTERVAL '1 day'
          WHEN 'year' THEN e.happened_on + INTERVAL '1 year' - INTERVAL '1 day'
          ELSE e.happened_on
        END >= a.made_on
),
with_events AS (
  SELECT DISTINCT agreement_id
  FROM agreement_events
)
SELECT a.agreement_id, 'made_on' AS field, a.made_on
FROM agreements AS a
JOIN with_events AS w ON a.agreement_id = w.agreement_id
LEFT JOIN makings AS m ON a.agreement_id = m.agreement_id
WHERE m.agreement_id IS NULL
ORDER BY a.agreement_id
