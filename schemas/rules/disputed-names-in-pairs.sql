-- id: disputed-names-in-pairs
-- table: *
-- severity: error
-- message: {field} mentions a disputed name without the pair {pair}; name both once, in this order
-- reason: Both names of a disputed thing stand together, in alphabetical order, once in each English text that
--   mentions one. Titles of sources and documents, the two position fields and terms in Japanese or Korean keep
--   their own words.
WITH prose AS (
  SELECT table_name, record_id, field, REPLACE(value, 'dokdo-takeshima', '') AS value
  FROM package_texts
  WHERE (REGEXP_LIKE(field, '_en$') AND field NOT IN ('document_title_en', 'position_jp_en', 'position_kr_en'))
     OR (table_name = 'codes' AND field IN ('rule_in', 'rule_out', 'example'))
)
SELECT table_name, record_id, field, 'Dokdo/Takeshima' AS pair
FROM prose
WHERE REGEXP_LIKE(value, '(?i)\b(dokdo|tokdo|takeshima)|독도|竹島|独島')
  AND value NOT LIKE '%Dokdo/Takeshima%'
UNION ALL
SELECT table_name, record_id, field, 'East Sea / Sea of Japan' AS pair
FROM prose
WHERE REGEXP_LIKE(value, '(?i)\b(east sea|sea of japan|japan sea)\b|日本海')
  AND value NOT LIKE '%East Sea / Sea of Japan%'
ORDER BY table_name, record_id, field, pair
