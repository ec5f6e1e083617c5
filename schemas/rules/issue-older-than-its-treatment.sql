-- id: issue-older-than-its-treatment
-- table: summit_issues
-- severity: error
-- message: the summit began on {start_on}, but the issue is dated from {since_on}; correct one of the two dates, or remove the row
-- reason: A summit can neither take up nor leave out an issue that did not exist yet.
SELECT t.summit_id, t.issue_id, 'issue_id' AS field, s.start_on, i.since_on
FROM summit_issues AS t
JOIN summits AS s ON t.summit_id = s.summit_id
JOIN issues AS i ON t.issue_id = i.issue_id
WHERE t.treatment = 'not_in_public_record' AND i.date_precision = 'day' AND s.date_precision = 'day'
  AND i.since_on > COALESCE(s.end_on, s.start_on)
ORDER BY t.summit_id, t.issue_id
