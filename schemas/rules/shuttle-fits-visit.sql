-- id: shuttle-fits-visit
-- table: summits
-- severity: error
-- message: shuttle is {shuttle} for a meeting of {start_on} with setting {setting} and parties {parties}; {correction}
-- reason: The term came up in July 2004: it is null before, and since then true only for a visit of one leader to the
--   other, and false for any other meeting.
WITH dated AS (
  SELECT summit_id, shuttle, start_on, setting, parties,
         CASE date_precision
           WHEN 'month' THEN start_on + INTERVAL '1 month' - INTERVAL '1 day'
           WHEN 'year' THEN start_on + INTERVAL '1 year' - INTERVAL '1 day'
           ELSE start_on
         END AS latest_start
  FROM summits
)
SELECT summit_id, 'shuttle' AS field, CAST(shuttle AS VARCHAR) AS shuttle, start_on, setting, parties,
       CASE
         WHEN latest_start < DATE '2004-07-01' THEN 'leave it empty before July 2004'
         WHEN shuttle IS NULL THEN 'write true or false since July 2004'
         ELSE 'only a visit (setting visit, parties jp-kr) can be true'
       END AS correction
FROM dated
WHERE (shuttle IS NOT NULL AND latest_start < DATE '2004-07-01')
   OR (shuttle IS NULL AND start_on >= DATE '2004-07-01')
   OR (shuttle AND (setting <> 'visit' OR parties <> 'jp-kr'))
ORDER BY summit_id
