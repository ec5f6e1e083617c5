-- id: supersedes-has-event
-- table: agreement_links
-- severity: error
-- message: {agreement_id} is linked as superseding {related_id}, which has no event superseded; add that event or
--   correct the relation
-- reason: Otherwise the replaced agreement would still count as running.
SELECT l.agreement_id, l.related_id, l.relation, 'relation' AS field
FROM agreement_links AS l
LEFT JOIN agreement_events AS e ON l.related_id = e.agreement_id AND e.status = 'superseded'
WHERE l.relation = 'supersedes' AND e.event_id IS NULL
ORDER BY l.agreement_id, l.related_id
