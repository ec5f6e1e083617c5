-- timeline: every dated row of the fact tables in one table, each once, by its first date
WITH dated AS (
  SELECT t.start_on AS happened_on, t.date_precision, 'terms' AS table_name, t.term_id AS record_id,
    CONCAT(l.name_en, ' takes office as ', REPLACE(t.office, '_', ' ')) AS title
  FROM terms AS t
  JOIN leaders AS l ON t.leader_id = l.leader_id
  UNION ALL
  SELECT s.start_on, s.date_precision, 'summits', s.summit_id,
    CONCAT(
      j.name_en, ' and ', k.name_en,
      CASE s.parties WHEN 'jp-kr-us' THEN ' with the United States' WHEN 'jp-kr-cn' THEN ' with China' ELSE '' END,
      ', ', s.city_en
    )
  FROM summits AS s
  JOIN leaders AS j ON s.jp_leader_id = j.leader_id
  JOIN leaders AS k ON s.kr_leader_id = k.leader_id
  UNION ALL
  SELECT made_on, date_precision, 'agreements', agreement_id, title_en
  FROM agreements
  UNION ALL
  SELECT e.happened_on, e.date_precision, 'agreement_events', e.event_id,
    CONCAT(a.title_en, ': ', REPLACE(e.status, '_', ' '))
  FROM agreement_events AS e
  JOIN agreements AS a ON e.agreement_id = a.agreement_id
  UNION ALL
  SELECT since_on, date_precision, 'issues', issue_id, title_en
  FROM issues
  WHERE since_on IS NOT NULL
  UNION ALL
  SELECT e.happened_on, e.date_precision, 'issue_events', e.event_id, CONCAT(i.title_en, ': ', e.direction)
  FROM issue_events AS e
  JOIN issues AS i ON e.issue_id = i.issue_id
)
SELECT happened_on, date_precision, table_name, record_id, title
FROM dated
ORDER BY
  happened_on,
  table_name,
  CASE WHEN record_id LIKE '%-_'
    THEN CONCAT(LEFT(record_id, LENGTH(record_id) - 1), '0', RIGHT(record_id, 1)) ELSE record_id END,
  record_id
