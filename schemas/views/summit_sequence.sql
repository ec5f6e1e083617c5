-- summit_sequence: the place of each encounter in the counts of the pair, of each leader and of shuttle visits
-- Order: by the day of the main talks (held_on, else start_on), a date of lower precision counting as the end of its
-- period, then by summit_id. SUM(...) OVER (ORDER BY sequence) is a running sum, because sequence has no ties.
-- One row of `counted` is one encounter under one way of counting; an encounter that a way leaves out has none.
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
counted AS (
  SELECT summit_id, sequence, jp_leader_id, kr_leader_id, is_shuttle, 'full' AS counting
  FROM ordered WHERE is_full = 1
  UNION ALL
  SELECT summit_id, sequence, jp_leader_id, kr_leader_id, is_shuttle, 'with_brief' AS counting
  FROM ordered WHERE is_with_brief = 1
  UNION ALL
  SELECT summit_id, sequence, jp_leader_id, kr_leader_id, is_shuttle, 'by_jp_lowest' AS counting
  FROM ordered WHERE jp_yes = 1
  UNION ALL
  SELECT summit_id, sequence, jp_leader_id, kr_leader_id, is_shuttle, 'by_jp_highest' AS counting
  FROM ordered WHERE jp_not_no = 1
  UNION ALL
  SELECT summit_id, sequence, jp_leader_id, kr_leader_id, is_shuttle, 'by_kr_lowest' AS counting
  FROM ordered WHERE kr_yes = 1
  UNION ALL
  SELECT summit_id, sequence, jp_leader_id, kr_leader_id, is_shuttle, 'by_kr_highest' AS counting
  FROM ordered WHERE kr_not_no = 1
),
running AS (
  SELECT
    summit_id,
    counting,
    ROW_NUMBER() OVER (PARTITION BY counting, jp_leader_id, kr_leader_id ORDER BY sequence) AS pair,
    ROW_NUMBER() OVER (PARTITION BY counting, jp_leader_id ORDER BY sequence) AS jp_leader,
    ROW_NUMBER() OVER (PARTITION BY counting, kr_leader_id ORDER BY sequence) AS kr_leader,
    CASE WHEN is_shuttle = 1
      THEN ROW_NUMBER() OVER (PARTITION BY counting, is_shuttle ORDER BY sequence) END AS shuttle
  FROM counted
),
counts AS (
  SELECT
    summit_id,
    MAX(CASE WHEN counting = 'full' THEN pair END) AS pair_full,
    MAX(CASE WHEN counting = 'with_brief' THEN pair END) AS pair_with_brief,
    MAX(CASE WHEN counting = 'by_jp_lowest' THEN pair END) AS pair_by_jp_lowest,
    MAX(CASE WHEN counting = 'by_jp_highest' THEN pair END) AS pair_by_jp_highest,
    MAX(CASE WHEN counting = 'by_kr_lowest' THEN pair END) AS pair_by_kr_lowest,
    MAX(CASE WHEN counting = 'by_kr_highest' THEN pair END) AS pair_by_kr_highest,
    MAX(CASE WHEN counting = 'full' THEN jp_leader END) AS jp_leader_full,
    MAX(CASE WHEN counting = 'with_brief' THEN jp_leader END) AS jp_leader_with_brief,
    MAX(CASE WHEN counting = 'by_jp_lowest' THEN jp_leader END) AS jp_leader_by_jp_lowest,
    MAX(CASE WHEN counting = 'by_jp_highest' THEN jp_leader END) AS jp_leader_by_jp_highest,
    MAX(CASE WHEN counting = 'by_kr_lowest' THEN jp_leader END) AS jp_leader_by_kr_lowest,
    MAX(CASE WHEN counting = 'by_kr_highest' THEN jp_leader END) AS jp_leader_by_kr_highest,
    MAX(CASE WHEN counting = 'full' THEN kr_leader END) AS kr_leader_full,
    MAX(CASE WHEN counting = 'with_brief' THEN kr_leader END) AS kr_leader_with_brief,
    MAX(CASE WHEN counting = 'by_jp_lowest' THEN kr_leader END) AS kr_leader_by_jp_lowest,
    MAX(CASE WHEN counting = 'by_jp_highest' THEN kr_leader END) AS kr_leader_by_jp_highest,
    MAX(CASE WHEN counting = 'by_kr_lowest' THEN kr_leader END) AS kr_leader_by_kr_lowest,
    MAX(CASE WHEN counting = 'by_kr_highest' THEN kr_leader END) AS kr_leader_by_kr_highest,
    MAX(CASE WHEN counting = 'full' THEN shuttle END) AS shuttle_full,
    MAX(CASE WHEN counting = 'with_brief' THEN shuttle END) AS shuttle_with_brief,
    MAX(CASE WHEN counting = 'by_jp_lowest' THEN shuttle END) AS shuttle_by_jp_lowest,
    MAX(CASE WHEN counting = 'by_jp_highest' THEN shuttle END) AS shuttle_by_jp_highest,
    MAX(CASE WHEN counting = 'by_kr_lowest' THEN shuttle END) AS shuttle_by_kr_lowest,
    MAX(CASE WHEN counting = 'by_kr_highest' THEN shuttle END) AS shuttle_by_kr_highest
  FROM running
  GROUP BY summit_id
),
numbered AS (
  SELECT
    summit_id,
    sequence,
    met_on,
    day_known,
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
  c.pair_full,
  c.pair_with_brief,
  c.pair_by_jp_lowest,
  c.pair_by_jp_highest,
  c.pair_by_kr_lowest,
  c.pair_by_kr_highest,
  c.jp_leader_full,
  c.jp_leader_with_brief,
  c.jp_leader_by_jp_lowest,
  c.jp_leader_by_jp_highest,
  c.jp_leader_by_kr_lowest,
  c.jp_leader_by_kr_highest,
  c.kr_leader_full,
  c.kr_leader_with_brief,
  c.kr_leader_by_jp_lowest,
  c.kr_leader_by_jp_highest,
  c.kr_leader_by_kr_lowest,
  c.kr_leader_by_kr_highest,
  c.shuttle_full,
  c.shuttle_with_brief,
  c.shuttle_by_jp_lowest,
  c.shuttle_by_jp_highest,
  c.shuttle_by_kr_lowest,
  c.shuttle_by_kr_highest,
  n.days_since_previous,
  CASE WHEN n.day_known AND v.day_known
    THEN CAST(n.met_on AS INTEGER) - CAST(v.met_on AS INTEGER) END AS days_since_previous_shuttle,
  r.shuttle_run
FROM numbered AS n
LEFT JOIN counts AS c ON n.summit_id = c.summit_id
LEFT JOIN visits AS v ON n.shuttles_before = v.visit_number
LEFT JOIN runs AS r ON n.summit_id = r.summit_id
ORDER BY n.sequence
