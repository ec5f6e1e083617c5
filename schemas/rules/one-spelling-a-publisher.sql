-- id: one-spelling-a-publisher
-- table: sources
-- severity: error
-- message: {field} is {name}, elsewhere spelt {other}; write the name alike in every row
-- reason: The number of independent publishers decides the grade of evidence; a second spelling would count as a
--   second publisher. Names are compared without case, blanks, punctuation and a leading The.
WITH names AS (
  SELECT source_id, 'publisher' AS field, publisher AS name FROM sources
  UNION ALL
  SELECT source_id, 'via' AS field, via AS name FROM sources WHERE via IS NOT NULL
),
plain AS (
  SELECT source_id, field, name,
         REPLACE(REGEXP_REPLACE(REGEXP_REPLACE(LOWER(name), '^the ', ''), '[ .,''&/()-]', '', 'g'), 'and', '') AS bare
  FROM names
),
-- the spelling used most often stands first, then the alphabet decides
spellings AS (
  SELECT bare, name, ROW_NUMBER() OVER (PARTITION BY bare ORDER BY uses DESC, name) AS place
  FROM (SELECT bare, name, COUNT(*) AS uses FROM plain GROUP BY bare, name)
)
SELECT p.source_id, p.field, p.name, s.name AS other
FROM plain AS p
JOIN spellings AS s ON p.bare = s.bare AND s.place = 1
WHERE p.name <> s.name
ORDER BY p.source_id, p.field
