-- id: precision-agrees-with-date
-- table: *
-- severity: error
-- message: {field} is {found} with date_precision {date_precision}; write the first day of the {date_precision}, or the
--   precision day if the day is known
-- reason: A date of lower precision carries the first day of its period; any other day would claim a knowledge that
--   the precision denies.
WITH dates AS (
  SELECT 'terms' AS table_name, term_id AS record_id, 'start_on' AS field, start_on AS found, date_precision
  FROM terms
  UNION ALL
  SELECT 'terms' AS table_name, term_id AS record_id, 'end_on' AS field, end_on AS found, date_precision
  FROM terms
  UNION ALL
  SELECT 'summits' AS table_name, summit_id AS record_id, 'start_on' AS field, start_on AS found, date_precision
  FROM summits
  UNION ALL
  SELECT 'summits' AS table_name, summit_id AS record_id, 'end_on' AS field, end_on AS found, date_precision
  FROM summits
  UNION ALL
  SELECT 'summits' AS table_name, summit_id AS record_id, 'held_on' AS field, held_on AS found, date_precision
  FROM summits
  UNION ALL
  SELECT 'agreements' AS table_name, agreement_id AS record_id, 'made_on' AS field, made_on AS found, date_precision
  FROM agreements
  UNION ALL
  SELECT 'agreement_events' AS table_name, event_id AS record_id, 'happened_on' AS field, happened_on AS found,
         date_precision
  FROM agreement_events
  UNION ALL
  SELECT 'issues' AS table_name, issue_id AS record_id, 'since_on' AS field, since_on AS found, date_precision
  FROM issues
  UNION ALL
  SELECT 'issue_events' AS table_name, event_id AS record_id, 'happened_on' AS field, happened_on AS found,
         date_precision
  FROM issue_events
  UNION ALL
  SELECT 'sources' AS table_name, source_id AS record_id, 'published_on' AS field, published_on AS found,
         date_precision
  FROM sources
)
SELECT table_name, record_id, field, found, date_precision
FROM dates
WHERE (date_precision IN ('month', 'year') AND STRFTIME(found, '%d') <> '01')
   OR (date_precision = 'year' AND STRFTIME(found, '%m') <> '01')
ORDER BY table_name, record_id, field
