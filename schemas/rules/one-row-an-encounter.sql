-- id: one-row-an-encounter
-- table: summits
-- severity: error
-- message: this row and {other_id} tell of the same leaders in {city_en} on the same days ({start_on} to {end_on},
--   {other_start} to {other_end}); an encounter has one row, so merge them or correct the days
-- reason: One row is all contact of the two leaders in one place, on one occasion, in one circle; a visit of several
--   days entered twice would be counted twice.
WITH days AS (
  SELECT summit_id, city_en, country, parties, jp_leader_id, kr_leader_id, start_on, end_on,
         COALESCE(end_on, start_on) AS earliest_end,
         CASE date_precision
           WHEN 'month' THEN start_on + INTERVAL '1 month' - INTERVAL '1 day'
           WHEN 'year' THEN start_on + INTERVAL '1 year' - INTERVAL '1 day'
           ELSE start_on
         END AS latest_start
  FROM summits
)
SELECT b.summit_id, 'start_on' AS field, a.summit_id AS other_id, b.city_en, b.start_on, b.end_on,
       a.start_on AS other_start, a.end_on AS other_end
FROM days AS a
JOIN days AS b ON a.city_en = b.city_en AND a.country = b.country AND a.parties = b.parties
  AND a.jp_leader_id = b.jp_leader_id AND a.kr_leader_id = b.kr_leader_id
WHERE a.summit_id < b.summit_id
  AND a.latest_start <= b.earliest_end
  AND b.latest_start <= a.earliest_end
ORDER BY b.summit_id, other_id
