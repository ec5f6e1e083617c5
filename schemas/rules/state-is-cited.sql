-- id: state-is-cited
-- table: issues
-- severity: error
-- message: state is {state}, but no source is cited for the column state; cite the page on which this judgement rests
-- reason: The state of an issue is the one status typed by hand, so it needs a citation of its own.
SELECT i.issue_id, 'state' AS field, i.state
FROM issues AS i
LEFT JOIN citations AS c ON i.issue_id = c.record_id AND c.table_name = 'issues' AND c.field = 'state'
  AND c.relation = 'supports'
WHERE c.record_id IS NULL
ORDER BY i.issue_id
