-- id: links-make-no-cycle
-- table: agreement_links
-- severity: error
-- message: following the links from {related_id} leads back to {agreement_id}; one of the links on this circle has to
--   be removed or turned round
-- reason: An agreement cannot implement, renew, supersede, amend or be part of what comes from itself. Circles of up
--   to 64 links are found.
WITH paths_1 AS (
  SELECT agreement_id AS a, related_id AS z FROM agreement_links
),
paths_2 AS (
  SELECT a, z FROM paths_1 UNION SELECT x.a, y.z FROM paths_1 AS x JOIN paths_1 AS y ON x.z = y.a
),
paths_4 AS (
  SELECT a, z FROM paths_2 UNION SELECT x.a, y.z FROM paths_2 AS x JOIN paths_2 AS y ON x.z = y.a
),
paths_8 AS (
  SELECT a, z FROM paths_4 UNION SELECT x.a, y.z FROM paths_4 AS x JOIN paths_4 AS y ON x.z = y.a
),
paths_16 AS (
  SELECT a, z FROM paths_8 UNION SELECT x.a, y.z FROM paths_8 AS x JOIN paths_8 AS y ON x.z = y.a
),
paths_32 AS (
  SELECT a, z FROM paths_16 UNION SELECT x.a, y.z FROM paths_16 AS x JOIN paths_16 AS y ON x.z = y.a
),
paths_64 AS (
  SELECT a, z FROM paths_32 UNION SELECT x.a, y.z FROM paths_32 AS x JOIN paths_32 AS y ON x.z = y.a
),
-- a link is on a circle if its end leads back to its start
on_circle AS (
  SELECT l.agreement_id, l.related_id, l.relation
  FROM agreement_links AS l
  JOIN paths_64 AS p ON l.related_id = p.a AND l.agreement_id = p.z
  UNION
  SELECT agreement_id, related_id, relation
  FROM agreement_links
  WHERE agreement_id = related_id
)
SELECT agreement_id, related_id, relation, 'related_id' AS field
FROM on_circle
ORDER BY agreement_id, related_id, relation
