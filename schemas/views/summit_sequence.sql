-- summit_sequence: the place of each encounter in the counts of the pair, of each leader and of shuttle visits
-- Order: by the day of the main talks (held_on, else start_on), a date of lower precision counting as the end of its
-- period, then by summit_id. SUM(...) OVER (ORDER BY sequence) is a running sum, because sequence has no ties.
WITH dated AS (
  SELECT
    summit_id,
    jp_leader_id,
    kr_leader_id,
    COALESCE(held_on, start_on) AS met_on,
    date_precision,
    CASE date_precision
      WHEN 'day' THEN COALESCE(held_on, start_on)
      WHEN 'month' THEN COALESCE(held_on, start_on) + INTERVAL '1 month' - INTERVAL '1 day'
      ELSE COALESCE(held_on, start_on) + INTERVAL '1 year' - INTERVAL '1 day'
    END AS met_by,
    CASE WHEN date_precision = 'day' AND (held_on IS NOT NULL OR start_on = end_on)
      THEN TRUE ELSE FALSE END AS day_known,
    CASE WHEN parties = 'jp-kr' AND form = 'summit_meeting' THEN 1 ELSE 0 END AS is_full,
    CASE WHEN parties = 'jp-kr' AND form IN ('summit_meeting', 'brief_talk') THEN 1 ELSE 0 END AS is_with_brief,
    CASE WHEN COALESCE(counted_by_jp, FALSE) THEN 1 ELSE 0 END AS jp_yes,
    CASE WHEN COALESCE(counted_by_jp, TRUE) THEN 1 ELSE 0 END AS jp_not_no,
    CASE WHEN COALESCE(counted_by_kr, FALSE) THEN 1 ELSE 0 END AS kr_yes,
    CASE WHEN COALESCE(counted_by_kr, TRUE) THEN 1 ELSE 0 END AS kr_not_no,
    CASE WHEN COALESCE(shuttle, FALSE) THEN 1 ELSE 0 END AS is_shuttle
  FROM summits
),
ordered AS (
  SELECT *, ROW_NUMBER() OVER (ORDER BY met_by, summit_id) AS sequence
  FROM dated
),
numbered AS (
  SELECT
    summit_id,
    sequence,
    met_on,
    day_known,
    CASE WHEN is_full = 1
      THEN SUM(is_full) OVER (PARTITION BY jp_leader_id, kr_leader_id ORDER BY sequence) END AS pair_full,
    CASE WHEN is_with_brief = 1
      THEN SUM(is_with_brief) OVER (PARTITION BY jp_leader_id, kr_leader_id ORDER BY sequence) END AS pair_with_brief,
    CASE WHEN jp_yes = 1
      THEN SUM(jp_yes) OVER (PARTITION BY jp_leader_id, kr_leader_id ORDER BY sequence) END AS pair_by_jp_lowest,
    CASE WHEN jp_not_no = 1
      THEN SUM(jp_not_no) OVER (PARTITION BY jp_leader_id, kr_leader_id ORDER BY sequence) END AS pair_by_jp_highest,
    CASE WHEN kr_yes = 1
      THEN SUM(kr_yes) OVER (PARTITION BY jp_leader_id, kr_leader_id ORDER BY sequence) END AS pair_by_kr_lowest,
    CASE WHEN kr_not_no = 1
      THEN SUM(kr_not_no) OVER (PARTITION BY jp_leader_id, kr_leader_id ORDER BY sequence) END AS pair_by_kr_highest,
    CASE WHEN is_full = 1 THEN SUM(is_full) OVER (PARTITION BY jp_leader_id ORDER BY sequence) END AS jp_leader_full,
    CASE WHEN is_with_brief = 1
      THEN SUM(is_with_brief) OVER (PARTITION BY jp_leader_id ORDER BY sequence) END AS jp_leader_with_brief,
    CASE WHEN jp_yes = 1
      THEN SUM(jp_yes) OVER (PARTITION BY jp_leader_id ORDER BY sequence) END AS jp_leader_by_jp_lowest,
    CASE WHEN jp_not_no = 1
      THEN SUM(jp_not_no) OVER (PARTITION BY jp_leader_id ORDER BY sequence) END AS jp_leader_by_jp_highest,
    CASE WHEN kr_yes = 1
      THEN SUM(kr_yes) OVER (PARTITION BY jp_leader_id ORDER BY sequence) END AS jp_leader_by_kr_lowest,
    CASE WHEN kr_not_no = 1
      THEN SUM(kr_not_no) OVER (PARTITION BY jp_leader_id ORDER BY sequence) END AS jp_leader_by_kr_highest,
    CASE WHEN is_full = 1 THEN SUM(is_full) OVER (PARTITION BY kr_leader_id ORDER BY sequence) END AS kr_leader_full,
    CASE WHEN is_with_brief = 1
      THEN SUM(is_with_brief) OVER (PARTITION BY kr_leader_id ORDER BY sequence) END AS kr_leader_with_brief,
    CASE WHEN jp_yes = 1
      THEN SUM(jp_yes) OVER (PARTITION BY kr_leader_id ORDER BY sequence) END AS kr_leader_by_jp_lowest,
    CASE WHEN jp_not_no = 1
      THEN SUM(jp_not_no) OVER (PARTITION BY kr_leader_id ORDER BY sequence) END AS kr_leader_by_jp_highest,
    CASE WHEN kr_yes = 1
      THEN SUM(kr_yes) OVER (PARTITION BY kr_leader_id ORDER BY sequence) END AS kr_leader_by_kr_lowest,
    CASE WHEN kr_not_no = 1
      THEN SUM(kr_not_no) OVER (PARTITION BY kr_leader_id ORDER BY sequence) END AS kr_leader_by_kr_highest,
    CASE WHEN is_shuttle = 1 AND is_full = 1
      THEN SUM(is_full) OVER (PARTITION BY is_shuttle ORDER BY sequence) END AS shuttle_full,
    CASE WHEN is_shuttle = 1 AND is_with_brief = 1
      THEN SUM(is_with_brief) OVER (PARTITION BY is_shuttle ORDER BY sequence) END AS shuttle_with_brief,
    CASE WHEN is_shuttle = 1 AND jp_yes = 1
      THEN SUM(jp_yes) OVER (PARTITION BY is_shuttle ORDER BY sequence) END AS shuttle_by_jp_lowest,
    CASE WHEN is_shuttle = 1 AND jp_not_no = 1
      THEN SUM(jp_not_no) OVER (PARTITION BY is_shuttle ORDER BY sequence) END AS shuttle_by_jp_highest,
    CASE WHEN is_shuttle = 1 AND kr_yes = 1
      THEN SUM(kr_yes) OVER (PARTITION BY is_shuttle ORDER BY sequence) END AS shuttle_by_kr_lowest,
    CASE WHEN is_shuttle = 1 AND kr_not_no = 1
      THEN SUM(kr_not_no) OVER (PARTITION BY is_shuttle ORDER BY sequence) END AS shuttle_by_kr_highest,
    CASE WHEN LAG(day_known) OVER (ORDER BY sequence) AND day_known
      THEN CAST(met_on AS INTEGER) - CAST(LAG(met_on) OVER (ORDER BY sequence) AS INTEGER)
    END AS days_since_previous,
    is_shuttle,
    SUM(is_shuttle) OVER (ORDER BY sequence) - is_shuttle AS shuttles_before
  FROM ordered
),
visits AS (
  SELECT
    summit_id,
    sequence,
    met_on,
    day_known,
    shuttles_before + 1 AS visit_number,
    CASE WHEN shuttles_before = 0 OR met_on > LAG(met_on) OVER (ORDER BY sequence) + INTERVAL '900 days'
      THEN 1 ELSE 0 END AS starts_run
  FROM numbered
  WHERE is_shuttle = 1
),
runs AS (
  SELECT summit_id, SUM(starts_run) OVER (ORDER BY sequence) AS shuttle_run
  FROM visits
)
SELECT
  n.summit_id,
  n.sequence,
  n.met_on,
  n.day_known,
  n.pair_full,
  n.pair_with_brief,
  n.pair_by_jp_lowest,
  n.pair_by_jp_highest,
  n.pair_by_kr_lowest,
  n.pair_by_kr_highest,
  n.jp_leader_full,
  n.jp_leader_with_brief,
  n.jp_leader_by_jp_lowest,
  n.jp_leader_by_jp_highest,
  n.jp_leader_by_kr_lowest,
  n.jp_leader_by_kr_highest,
  n.kr_leader_full,
  n.kr_leader_with_brief,
  n.kr_leader_by_jp_lowest,
  n.kr_leader_by_jp_highest,
  n.kr_leader_by_kr_lowest,
  n.kr_leader_by_kr_highest,
  n.shuttle_full,
  n.shuttle_with_brief,
  n.shuttle_by_jp_lowest,
  n.shuttle_by_jp_highest,
  n.shuttle_by_kr_lowest,
  n.shuttle_by_kr_highest,
  n.days_since_previous,
  CASE WHEN n.day_known AND v.day_known
    THEN CAST(n.met_on AS INTEGER) - CAST(v.met_on AS INTEGER) END AS days_since_previous_shuttle,
  r.shuttle_run
FROM numbered AS n
LEFT JOIN visits AS v ON n.shuttles_before = v.visit_number
LEFT JOIN runs AS r ON n.summit_id = r.summit_id
ORDER BY n.sequence
