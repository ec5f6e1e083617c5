-- id: end-not-before-start
-- table: *
-- severity: error
-- message: {field} is {ends}, before {start_field} ({starts}); the last day has to be the first one or a later one
-- reason: A period that ends before it starts is a slip in one of the two dates. Dates are compared as periods of
--   their precision.
WITH periods AS (
  SELECT 'terms' AS table_name, term_id AS record_id, 'end_on' AS field, end_on AS ends_on,
         'start_on' AS start_field, start_on AS starts, date_precision
  FROM terms
  UNION ALL
  SELECT 'summits' AS table_name, summit_id AS record_id, 'end_on' AS field, end_on AS ends_on,
         'start_on' AS start_field, start_on AS starts, date_precision
  FROM summits
)
SELECT table_name, record_id, field, ends_on AS ends, start_field, starts
FROM periods
WHERE CASE date_precision
        WHEN 'month' THEN ends_on + INTERVAL '1 month' - INTERVAL '1 day'
        WHEN 'year' THEN ends_on + INTERVAL '1 year' - INTERVAL '1 day'
        ELSE ends_on
      END < starts
UNION ALL
SELECT 'agreements' AS table_name, agreement_id AS record_id, 'term_ends_on' AS field, term_ends_on AS ends,
       'made_on' AS start_field, made_on AS starts
FROM agreements
WHERE term_ends_on < made_on
ORDER BY table_name, record_id
