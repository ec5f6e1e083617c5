-- id: nothing-after-coverage
-- table: *
-- severity: error
-- message: {field} is {found}, after the day {limit_name} ({limit_on}); correct it or, once that is true, raise that
--   day
-- reason: Nothing that is recorded may lie in the future of the package's coverage; only term_ends_on may. A page
--   tells of its own time: it may be younger than the coverage, but not than the day on which it was read.
WITH dates AS (
  SELECT 'terms' AS table_name, term_id AS record_id, 'start_on' AS field, start_on AS found FROM terms
  UNION ALL
  SELECT 'terms' AS table_name, term_id AS record_id, 'end_on' AS field, end_on AS found FROM terms
  UNION ALL
  SELECT 'summits' AS table_name, summit_id AS record_id, 'start_on' AS field, start_on AS found FROM summits
  UNION ALL
  SELECT 'summits' AS table_name, summit_id AS record_id, 'end_on' AS field, end_on AS found FROM summits
  UNION ALL
  SELECT 'summits' AS table_name, summit_id AS record_id, 'held_on' AS field, held_on AS found FROM summits
  UNION ALL
  SELECT 'agreements' AS table_name, agreement_id AS record_id, 'made_on' AS field, made_on AS found FROM agreements
  UNION ALL
  SELECT 'agreements' AS table_name, agreement_id AS record_id, 'checked_on' AS field, checked_on AS found
  FROM agreements
  UNION ALL
  SELECT 'agreement_events' AS table_name, event_id AS record_id, 'happened_on' AS field, happened_on AS found
  FROM agreement_events
  UNION ALL
  SELECT 'issues' AS table_name, issue_id AS record_id, 'since_on' AS field, since_on AS found FROM issues
  UNION ALL
  SELECT 'issues' AS table_name, issue_id AS record_id, 'checked_on' AS field, checked_on AS found FROM issues
  UNION ALL
  SELECT 'issue_events' AS table_name, event_id AS record_id, 'happened_on' AS field, happened_on AS found
  FROM issue_events
)
SELECT d.table_name, d.record_id, d.field, d.found, 'up to which the package was checked' AS limit_name,
       p.checked_through AS limit_on
FROM dates AS d
JOIN package_info AS p ON d.found > p.checked_through
UNION ALL
SELECT 'sources' AS table_name, source_id AS record_id, 'published_on' AS field, published_on AS found,
       'on which the page was read' AS limit_name, accessed_on AS limit_on
FROM sources
WHERE published_on > accessed_on
ORDER BY table_name, record_id, field
