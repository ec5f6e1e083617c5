-- id: agreement-within-summit
-- table: agreements
-- severity: error
-- message: made_on is {made_on}, outside of the summit {summit_id} ({start_on} to {end_on}); correct the day, or leave
--   summit_id empty if it was not made there
-- reason: An agreement belongs to a summit only if it was signed, adopted, announced or proposed on one of its days;
--   otherwise follow-through is credited to the wrong meeting. Where the last day is not known, a week is
--   allowed for.
WITH stays AS (
  SELECT summit_id, start_on, end_on, date_precision, COALESCE(end_on, start_on + INTERVAL '6 days') AS last_on
  FROM summits
)
SELECT a.agreement_id, 'made_on' AS field, a.made_on, a.summit_id, s.start_on, s.end_on
FROM agreements AS a
JOIN stays AS s ON a.summit_id = s.summit_id
WHERE a.made_on > CASE s.date_precision
                    WHEN 'month' THEN s.last_on + INTERVAL '1 month' - INTERVAL '1 day'
                    WHEN 'year' THEN s.last_on + INTERVAL '1 year' - INTERVAL '1 day'
                    ELSE s.last_on
                  END
   OR CASE a.date_precision
        WHEN 'month' THEN a.made_on + INTERVAL '1 month' - INTERVAL '1 day'
        WHEN 'year' THEN a.made_on + INTERVAL '1 year' - INTERVAL '1 day'
        ELSE a.made_on
      END < s.start_on
ORDER BY a.agreement_id
