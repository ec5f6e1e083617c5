-- id: parties-agree-with-id
-- table: summits
-- severity: error
-- message: the id says {by_id}, but parties is {parties}; a meeting with the United States has an id in -us, one with
--   China in -cn, any other neither
-- reason: A bilateral and a trilateral of one day differ by the suffix of their ids only, so it has to be true.
WITH named AS (
  SELECT summit_id, parties,
         CASE WHEN summit_id LIKE '%-us' THEN 'jp-kr-us' WHEN summit_id LIKE '%-cn' THEN 'jp-kr-cn' ELSE 'jp-kr' END
           AS by_id
  FROM summits
)
SELECT summit_id, 'parties' AS field, parties, by_id
FROM named
WHERE parties <> by_id
ORDER BY summit_id
