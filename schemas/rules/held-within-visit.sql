-- id: held-within-visit
-- table: summits
-- severity: error
-- message: held_on is {held_on}, outside of the visit ({start_on} to {end_on}); correct the day of the talks or the
--   days of the visit
-- reason: The main talks are held during the visit (1998-10-07-tokyo: a visit of 7 to 10 October, talks on the 8th).
SELECT summit_id, 'held_on' AS field, held_on, start_on, end_on
FROM summits
WHERE held_on > CASE date_precision
                  WHEN 'month' THEN end_on + INTERVAL '1 month' - INTERVAL '1 day'
                  WHEN 'year' THEN end_on + INTERVAL '1 year' - INTERVAL '1 day'
                  ELSE end_on
                END
   OR CASE date_precision
        WHEN 'month' THEN held_on + INTERVAL '1 month' - INTERVAL '1 day'
        WHEN 'year' THEN held_on + INTERVAL '1 year' - INTERVAL '1 day'
        ELSE held_on
      END < start_on
ORDER BY summit_id
