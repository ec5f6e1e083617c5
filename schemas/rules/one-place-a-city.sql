-- id: one-place-a-city
-- table: summits
-- severity: error
-- message: {city_en} is {found} here, but {other} in {other_id}; write a city alike in every row
-- reason: One city has one pair of coordinates, from one gazetteer, and one spelling in each language, so that rows
--   can be grouped and mapped.
WITH places AS (
  SELECT summit_id, country, city_en,
         CONCAT_WS(', ', COALESCE(CAST(latitude AS VARCHAR), 'no latitude'),
                   COALESCE(CAST(longitude AS VARCHAR), 'no longitude'),
                   COALESCE(city_ja, 'no Japanese name'), COALESCE(city_ko, 'no Korean name')) AS place
  FROM summits
),
firsts AS (
  SELECT country, city_en, MIN(summit_id) AS summit_id
  FROM places
  GROUP BY country, city_en
)
SELECT p.summit_id, 'city_en' AS field, p.city_en, p.place AS found, o.place AS other, o.summit_id AS other_id
FROM places AS p
JOIN firsts AS f ON p.country = f.country AND p.city_en = f.city_en
JOIN places AS o ON f.summit_id = o.summit_id
WHERE p.place <> o.place
ORDER BY p.summit_id
