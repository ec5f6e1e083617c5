-- id: precision-beside-date
-- table: *
-- severity: error
-- message: {date_field} is {found} and date_precision is {date_precision}; fill both or neither
-- reason: Where a date may be null, its precision is null if and only if the date is.
WITH dates AS (
  SELECT 'issues' AS table_name, issue_id AS record_id, 'since_on' AS date_field, since_on AS found, date_precision
  FROM issues
  UNION ALL
  SELECT 'sources' AS table_name, source_id AS record_id, 'published_on' AS date_field, published_on AS found,
         date_precision
  FROM sources
)
SELECT table_name, record_id, 'date_precision' AS field, date_field, found, date_precision
FROM dates
WHERE (found IS NULL AND date_precision IS NOT NULL)
   OR (found IS NOT NULL AND date_precision IS NULL)
ORDER BY table_name, record_id
