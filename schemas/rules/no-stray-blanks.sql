-- id: no-stray-blanks
-- table: *
-- severity: error
-- message: {field} has {what}; remove it
-- reason: Blanks that nobody sees make equal texts unequal. The old value of a correction is kept as it was.
SELECT table_name, record_id, field,
       CASE
         WHEN REGEXP_LIKE(value, '^\s') THEN 'a blank at its beginning'
         WHEN REGEXP_LIKE(value, '\s$') THEN 'a blank at its end'
         WHEN REGEXP_LIKE(value, '[\t\r\n]') THEN 'a tab or line break'
         ELSE 'two blanks in a row'
       END AS what
FROM package_texts
WHERE REGEXP_LIKE(value, '^\s|\s$|\s\s|[\t\r\n]')
  AND NOT (table_name = 'corrections' AND field = 'old_value')
ORDER BY table_name, record_id, field
