-- id: agreement-has-event
-- table: agreements
-- severity: error
-- message: the agreement has no event; enter at least its making, dated {made_on}
-- reason: The status of an agreement is that of its last event, so one without events would have none.
SELECT a.agreement_id, a.made_on
FROM agreements AS a
LEFT JOIN agreement_events AS e ON a.agreement_id = e.agreement_id
WHERE e.event_id IS NULL
ORDER BY a.agreement_id
