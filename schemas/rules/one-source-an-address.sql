-- id: one-source-an-address
-- table: sources
-- severity: error
-- message: {url} is the address of {other_id} too ({other_url}); keep one source and cite it in both places
-- reason: One page entered twice would count as two sources. Addresses are compared without scheme, www, fragment and
--   final slash.
WITH addresses AS (
  SELECT source_id, url,
         REGEXP_REPLACE(REGEXP_REPLACE(REGEXP_REPLACE(url, '^(?i)https?://(www\.)?', ''), '#.*$', ''), '/$', '')
           AS address
  FROM sources
),
firsts AS (
  SELECT address, MIN(source_id) AS source_id
  FROM addresses
  GROUP BY address
)
SELECT a.source_id, 'url' AS field, a.url, o.source_id AS other_id, o.url AS other_url
FROM addresses AS a
JOIN firsts AS f ON a.address = f.address
JOIN addresses AS o ON f.source_id = o.source_id
WHERE a.source_id <> f.source_id
ORDER BY a.source_id
