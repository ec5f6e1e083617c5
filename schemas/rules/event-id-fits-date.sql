-- id: event-id-fits-date
-- table: *
-- severity: error
-- message: the id {record_id} does not start with {parent}/; an event's id is that of its parent with the date
-- reason: Ids are read by people and sorted by date; an event under another parent's id would stand in the wrong place.
SELECT 'agreement_events' AS table_name, event_id AS record_id, 'event_id' AS field, agreement_id AS parent
FROM agreement_events
WHERE NOT STARTS_WITH(event_id, CONCAT(agreement_id, '/'))
UNION ALL
SELECT 'issue_events' AS table_name, event_id AS record_id, 'event_id' AS field, issue_id AS parent
FROM issue_events
WHERE NOT STARTS_WITH(event_id, CONCAT(issue_id, '/'))
ORDER BY record_id
