-- id: event-after-check
-- table: *
-- severity: error
-- message: the event of {happened_on} is later than the last check of {parent} ({checked_on}); raise its checked_on to
--   the day up to which pages were searched
-- reason: Periods without news are counted up to checked_on; an event after it would make them negative.
SELECT 'agreement_events' AS table_name, e.event_id AS record_id, 'happened_on' AS field, e.happened_on,
       e.agreement_id AS parent, a.checked_on
FROM agreement_events AS e
JOIN agreements AS a ON e.agreement_id = a.agreement_id
WHERE e.happened_on > a.checked_on
UNION ALL
SELECT 'issue_events' AS table_name, e.event_id AS record_id, 'happened_on' AS field, e.happened_on,
       e.issue_id AS parent, i.checked_on
FROM issue_events AS e
JOIN issues AS i ON e.issue_id = i.issue_id
WHERE e.happened_on > i.checked_on
ORDER BY table_name, record_id
