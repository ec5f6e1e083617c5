-- id: event-order
-- table: agreement_events
-- severity: error
-- message: the event of {happened_on} ({status}) is dated before the agreement was made ({made_on}); only background,
--   proposed, negotiating or announced may be
-- reason: What is signed, carried out or ended exists already. What led to an agreement, or was announced of it, may
--   be older.
SELECT e.event_id, 'happened_on' AS field, e.happened_on, e.status, a.made_on
FROM agreement_events AS e
JOIN agreements AS a ON e.agreement_id = a.agreement_id
WHERE CASE e.date_precision
        WHEN 'month' THEN e.happened_on + INTERVAL '1 month' - INTERVAL '1 day'
        WHEN 'year' THEN e.happened_on + INTERVAL '1 year' - INTERVAL '1 day'
        ELSE e.happened_on
      END < a.made_on
  AND e.status NOT IN ('background', 'proposed', 'negotiating', 'announced')
ORDER BY e.event_id
