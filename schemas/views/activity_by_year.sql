-- activity_by_year: encounters, shuttle visits, agreements, follow-through and steps on issues in each year
-- Every year of the package's coverage has a row, and every other year in which something counted lies.
WITH encounters_of_year AS (
  SELECT
    DATE_PART('year', COALESCE(held_on, start_on)) AS year,
    COUNT(*) AS encounters,
    SUM(CASE WHEN parties = 'jp-kr' AND form = 'summit_meeting' THEN 1 ELSE 0 END) AS jp_kr_summit_meeting,
    SUM(CASE WHEN parties = 'jp-kr' AND form = 'brief_talk' THEN 1 ELSE 0 END) AS jp_kr_brief_talk,
    SUM(CASE WHEN parties = 'jp-kr' AND form = 'joint_appearance' THEN 1 ELSE 0 END) AS jp_kr_joint_appearance,
    SUM(CASE WHEN parties = 'jp-kr' AND form = 'ceremonial' THEN 1 ELSE 0 END) AS jp_kr_ceremonial,
    SUM(CASE WHEN parties = 'jp-kr' AND form IS NULL THEN 1 ELSE 0 END) AS jp_kr_form_not_known,
    SUM(CASE WHEN parties = 'jp-kr-us' AND form = 'summit_meeting' THEN 1 ELSE 0 END) AS jp_kr_us_summit_meeting,
    SUM(CASE WHEN parties = 'jp-kr-us' AND form = 'brief_talk' THEN 1 ELSE 0 END) AS jp_kr_us_brief_talk,
    SUM(CASE WHEN parties = 'jp-kr-us' AND form = 'joint_appearance' THEN 1 ELSE 0 END) AS jp_kr_us_joint_appearance,
    SUM(CASE WHEN parties = 'jp-kr-us' AND form = 'ceremonial' THEN 1 ELSE 0 END) AS jp_kr_us_ceremonial,
    SUM(CASE WHEN parties = 'jp-kr-us' AND form IS NULL THEN 1 ELSE 0 END) AS jp_kr_us_form_not_known,
    SUM(CASE WHEN parties = 'jp-kr-cn' AND form = 'summit_meeting' THEN 1 ELSE 0 END) AS jp_kr_cn_summit_meeting,
    SUM(CASE WHEN parties = 'jp-kr-cn' AND form = 'brief_talk' THEN 1 ELSE 0 END) AS jp_kr_cn_brief_talk,
    SUM(CASE WHEN parties = 'jp-kr-cn' AND form = 'joint_appearance' THEN 1 ELSE 0 END) AS jp_kr_cn_joint_appearance,
    SUM(CASE WHEN parties = 'jp-kr-cn' AND form = 'ceremonial' THEN 1 ELSE 0 END) AS jp_kr_cn_ceremonial,
    SUM(CASE WHEN parties = 'jp-kr-cn' AND form IS NULL THEN 1 ELSE 0 END) AS jp_kr_cn_form_not_known,
    SUM(CASE WHEN shuttle THEN 1 ELSE 0 END) AS shuttle_visits
  FROM summits
  GROUP BY year
),
agreements_of_year AS (
  SELECT
    DATE_PART('year', made_on) AS year,
    COUNT(*) AS agreements,
    SUM(CASE WHEN stage = 'agreed' THEN 1 ELSE 0 END) AS agreed,
    SUM(CASE WHEN stage = 'announced_by_jp' THEN 1 ELSE 0 END) AS announced_by_jp,
    SUM(CASE WHEN stage = 'announced_by_kr' THEN 1 ELSE 0 END) AS announced_by_kr,
    SUM(CASE WHEN stage = 'proposed_by_jp' THEN 1 ELSE 0 END) AS proposed_by_jp,
    SUM(CASE WHEN stage = 'proposed_by_kr' THEN 1 ELSE 0 END) AS proposed_by_kr,
    SUM(CASE WHEN stage = 'not_concluded' THEN 1 ELSE 0 END) AS not_concluded
  FROM agreements
  GROUP BY year
),
follow_through_of_year AS (
  SELECT
    DATE_PART('year', e.happened_on) AS year,
    COUNT(*) AS follow_through_events,
    SUM(CASE WHEN e.happened_on > CASE a.date_precision
      WHEN 'day' THEN a.made_on
      WHEN 'month' THEN a.made_on + INTERVAL '1 month' - INTERVAL '1 day'
      ELSE a.made_on + INTERVAL '1 year' - INTERVAL '1 day'
    END THEN 1 ELSE 0 END) AS events_after_making
  FROM agreement_events AS e
  JOIN agreements AS a ON e.agreement_id = a.agreement_id
  WHERE e.status NOT IN ('background', 'reaffirmed')
  GROUP BY year
),
issues_of_year AS (
  SELECT
    DATE_PART('year', happened_on) AS year,
    COUNT(*) AS issue_events,
    SUM(CASE WHEN direction = 'closer' THEN 1 ELSE 0 END) AS issue_events_closer,
    SUM(CASE WHEN direction = 'apart' THEN 1 ELSE 0 END) AS issue_events_apart,
    SUM(CASE WHEN direction = 'neutral' THEN 1 ELSE 0 END) AS issue_events_neutral,
    SUM(CASE WHEN direction = 'background' THEN 1 ELSE 0 END) AS issue_events_background
  FROM issue_events
  GROUP BY year
),
digits AS (
  SELECT 0 AS d UNION ALL SELECT 1 AS d UNION ALL SELECT 2 AS d UNION ALL SELECT 3 AS d UNION ALL SELECT 4 AS d
  UNION ALL SELECT 5 AS d UNION ALL SELECT 6 AS d UNION ALL SELECT 7 AS d UNION ALL SELECT 8 AS d
    UNION ALL SELECT 9 AS d
),
numbers AS (
  SELECT 100 * h.d + 10 * t.d + u.d AS n
  FROM digits AS h CROSS JOIN digits AS t CROSS JOIN digits AS u
),
covered AS (
  SELECT DATE_PART('year', p.starts_on) + n.n AS year
  FROM package_info AS p CROSS JOIN numbers AS n
  WHERE DATE_PART('year', p.starts_on) + n.n <= DATE_PART('year', p.checked_through)
),
years AS (
  SELECT year FROM covered
  UNION
  SELECT year FROM encounters_of_year
  UNION
  SELECT year FROM agreements_of_year
  UNION
  SELECT year FROM follow_through_of_year
  UNION
  SELECT year FROM issues_of_year
)
SELECT
  y.year,
  COALESCE(s.encounters, 0) AS encounters,
  COALESCE(s.jp_kr_summit_meeting, 0) AS jp_kr_summit_meeting,
  COALESCE(s.jp_kr_brief_talk, 0) AS jp_kr_brief_talk,
  COALESCE(s.jp_kr_joint_appearance, 0) AS jp_kr_joint_appearance,
  COALESCE(s.jp_kr_ceremonial, 0) AS jp_kr_ceremonial,
  COALESCE(s.jp_kr_form_not_known, 0) AS jp_kr_form_not_known,
  COALESCE(s.jp_kr_us_summit_meeting, 0) AS jp_kr_us_summit_meeting,
  COALESCE(s.jp_kr_us_brief_talk, 0) AS jp_kr_us_brief_talk,
  COALESCE(s.jp_kr_us_joint_appearance, 0) AS jp_kr_us_joint_appearance,
  COALESCE(s.jp_kr_us_ceremonial, 0) AS jp_kr_us_ceremonial,
  COALESCE(s.jp_kr_us_form_not_known, 0) AS jp_kr_us_form_not_known,
  COALESCE(s.jp_kr_cn_summit_meeting, 0) AS jp_kr_cn_summit_meeting,
  COALESCE(s.jp_kr_cn_brief_talk, 0) AS jp_kr_cn_brief_talk,
  COALESCE(s.jp_kr_cn_joint_appearance, 0) AS jp_kr_cn_joint_appearance,
  COALESCE(s.jp_kr_cn_ceremonial, 0) AS jp_kr_cn_ceremonial,
  COALESCE(s.jp_kr_cn_form_not_known, 0) AS jp_kr_cn_form_not_known,
  COALESCE(s.shuttle_visits, 0) AS shuttle_visits,
  COALESCE(a.agreements, 0) AS agreements,
  COALESCE(a.agreed, 0) AS agreed,
  COALESCE(a.announced_by_jp, 0) AS announced_by_jp,
  COALESCE(a.announced_by_kr, 0) AS announced_by_kr,
  COALESCE(a.proposed_by_jp, 0) AS proposed_by_jp,
  COALESCE(a.proposed_by_kr, 0) AS proposed_by_kr,
  COALESCE(a.not_concluded, 0) AS not_concluded,
  COALESCE(f.follow_through_events, 0) AS follow_through_events,
  COALESCE(f.events_after_making, 0) AS events_after_making,
  COALESCE(i.issue_events, 0) AS issue_events,
  COALESCE(i.issue_events_closer, 0) AS issue_events_closer,
  COALESCE(i.issue_events_apart, 0) AS issue_events_apart,
  COALESCE(i.issue_events_neutral, 0) AS issue_events_neutral,
  COALESCE(i.issue_events_background, 0) AS issue_events_background
FROM years AS y
LEFT JOIN encounters_of_year AS s ON y.year = s.year
LEFT JOIN agreements_of_year AS a ON y.year = a.year
LEFT JOIN follow_through_of_year AS f ON y.year = f.year
LEFT JOIN issues_of_year AS i ON y.year = i.year
ORDER BY y.year
