-- id: superseded-has-link
-- table: agreement_events
-- severity: error
-- message: {agreement_id} is said to be superseded, but no agreement is linked to it as the one that supersedes it; add
--   the row to agreement_links or correct the status
-- reason: What is superseded is replaced by something, and a reader has to find it.
SELECT e.event_id, 'status' AS field, e.agreement_id
FROM agreement_events AS e
LEFT JOIN agreement_links AS l ON e.agreement_id = l.related_id AND l.relation = 'supersedes'
WHERE e.status = 'superseded' AND l.related_id IS NULL
ORDER BY e.event_id
