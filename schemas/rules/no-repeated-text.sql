-- id: no-repeated-text
-- table: *
-- severity: error
-- message: {field} repeats the text of {other}; each row tells of something else, so write what is special to this one
-- reason: Two rows with one summary or position are one row entered twice, or a text copied by mistake.
WITH texts AS (
  SELECT table_name, record_id, field, LOWER(value) AS value,
         CONCAT_WS(' ', table_name, record_id, field) AS place
  FROM package_texts
  WHERE field IN ('summary_en', 'position_jp_en', 'position_kr_en')
),
firsts AS (
  SELECT value, MIN(place) AS place
  FROM texts
  GROUP BY value
)
SELECT t.table_name, t.record_id, t.field, f.place AS other
FROM texts AS t
JOIN firsts AS f ON t.value = f.value
WHERE t.place <> f.place
ORDER BY t.table_name, t.record_id, t.field
