-- id: verified-reaches-grade-b
-- table: *
-- severity: error
-- message: review_status is verified, but the evidence reaches only grade {grade}; cite a further independent publisher
--   or an official page of the other side, or write candidate
-- reason: Verified means grade A or B of the view evidence. Absences (not_in_public_record) have a rule of their own,
--   since silent pages support nothing.
WITH verified AS (
  SELECT 'summits' AS table_name, summit_id AS record_id FROM summits WHERE review_status = 'verified'
  UNION ALL
  SELECT 'agreements' AS table_name, agreement_id AS record_id FROM agreements WHERE review_status = 'verified'
  UNION ALL
  SELECT 'agreement_events' AS table_name, event_id AS record_id FROM agreement_events
  WHERE review_status = 'verified'
  UNION ALL
  SELECT 'issues' AS table_name, issue_id AS record_id FROM issues WHERE review_status = 'verified'
  UNION ALL
  SELECT 'issue_events' AS table_name, event_id AS record_id FROM issue_events WHERE review_status = 'verified'
  UNION ALL
  SELECT 'summit_issues' AS table_name, CONCAT_WS('/', summit_id, issue_id) AS record_id FROM summit_issues
  WHERE review_status = 'verified' AND treatment <> 'not_in_public_record'
)
SELECT v.table_name, v.record_id, 'review_status' AS field, COALESCE(e.grade, 'none') AS grade
FROM verified AS v
LEFT JOIN evidence AS e ON v.table_name = e.table_name AND v.record_id = e.record_id
WHERE e.grade IS NULL OR e.grade NOT IN ('A', 'B')
ORDER BY v.table_name, v.record_id
