-- evidence: how well each record of the fact tables is attested: sources, independent publishers, sides and grade
-- Leaders also have the citations of their terms. A citation of one cell counts for its row. Bodies of one state are
-- one publisher, since they are not independent of each other; a digest, or a copy on another's page, adds none.
WITH cited AS (
  SELECT table_name, record_id, source_id, relation
  FROM citations
  UNION
  SELECT 'leaders' AS table_name, t.leader_id AS record_id, c.source_id, c.relation
  FROM citations AS c
  JOIN terms AS t ON c.record_id = t.term_id
  WHERE c.table_name = 'terms'
),
described AS (
  SELECT
    c.table_name,
    c.record_id,
    c.source_id,
    c.relation,
    CASE WHEN s.kind = 'official' AND s.country IS NOT NULL
      THEN CONCAT('state ', s.country) ELSE s.publisher END AS publisher,
    CASE WHEN s.country = 'JP' THEN 'jp' WHEN s.country = 'KR' THEN 'kr' ELSE 'third' END AS side,
    CASE WHEN s.kind = 'official' THEN 1 ELSE 0 END AS is_official,
    CASE WHEN s.seen_as IN ('original', 'archive', 'translation') THEN 1 ELSE 0 END AS is_counted,
    CASE WHEN s.seen_as = 'digest' THEN 1 ELSE 0 END AS is_digest
  FROM cited AS c
  JOIN sources AS s ON c.source_id = s.source_id
),
supported AS (
  SELECT
    table_name,
    record_id,
    COUNT(DISTINCT source_id) AS sources,
    COUNT(DISTINCT CASE WHEN is_counted = 1 THEN publisher END) AS publishers,
    MAX(is_official) AS is_official,
    MAX(CASE WHEN side = 'jp' THEN 1 ELSE 0 END) AS jp,
    MAX(CASE WHEN side = 'kr' THEN 1 ELSE 0 END) AS kr,
    MAX(CASE WHEN is_official = 1 AND side = 'jp' THEN 1 ELSE 0 END) AS official_jp,
    MAX(CASE WHEN is_official = 1 AND side = 'kr' THEN 1 ELSE 0 END) AS official_kr,
    MAX(CASE WHEN is_counted = 1 AND side = 'jp' THEN 1 ELSE 0 END) AS counted_jp,
    MAX(CASE WHEN is_counted = 1 AND side = 'kr' THEN 1 ELSE 0 END) AS counted_kr,
    MAX(CASE WHEN is_counted = 1 AND is_official = 1 AND side = 'jp' THEN 1 ELSE 0 END) AS counted_official_jp,
    MAX(CASE WHEN is_counted = 1 AND is_official = 1 AND side = 'kr' THEN 1 ELSE 0 END) AS counted_official_kr,
    MIN(is_digest) AS digests_only
  FROM described
  WHERE relation = 'supports'
  GROUP BY table_name, record_id
),
others AS (
  SELECT
    table_name,
    record_id,
    COUNT(DISTINCT CASE WHEN relation = 'contradicts' THEN source_id END) AS contradicting,
    COUNT(DISTINCT CASE WHEN relation = 'silent' THEN source_id END) AS silent,
    MAX(CASE WHEN relation = 'silent' AND is_counted = 1 AND is_official = 1 AND side = 'jp'
      THEN 1 ELSE 0 END) AS official_jp,
    MAX(CASE WHEN relation = 'silent' AND is_counted = 1 AND is_official = 1 AND side = 'kr'
      THEN 1 ELSE 0 END) AS official_kr
  FROM described
  GROUP BY table_name, record_id
)
SELECT
  r.table_name,
  r.record_id,
  CASE
    WHEN s.sources IS NULL THEN NULL
    WHEN (s.counted_official_jp = 1 AND s.counted_kr = 1) OR (s.counted_official_kr = 1 AND s.counted_jp = 1) THEN 'A'
    WHEN s.publishers >= 2 THEN 'B'
    WHEN s.digests_only = 1 THEN 'D'
    ELSE 'C'
  END AS grade,
  COALESCE(s.sources, 0) AS sources,
  COALESCE(s.publishers, 0) AS publishers,
  s.is_official = 1 AS official,
  CASE WHEN s.jp = 1 AND s.kr = 1 THEN 'both' WHEN s.jp = 1 THEN 'jp' WHEN s.kr = 1 THEN 'kr' WHEN s.sources > 0
    THEN 'third' END AS sides,
  CASE
    WHEN s.official_jp = 1 AND s.official_kr = 1 THEN 'both'
    WHEN s.official_jp = 1 THEN 'jp'
    WHEN s.official_kr = 1 THEN 'kr'
    WHEN s.is_official = 1 THEN 'third'
  END AS official_sides,
  COALESCE(o.contradicting, 0) AS contradicting,
  COALESCE(o.silent, 0) AS silent,
  CASE
    WHEN o.official_jp = 1 AND o.official_kr = 1 THEN 'both'
    WHEN o.official_jp = 1 THEN 'jp'
    WHEN o.official_kr = 1 THEN 'kr'
  END AS silent_official_sides
FROM package_records AS r
LEFT JOIN supported AS s ON r.table_name = s.table_name AND r.record_id = s.record_id
LEFT JOIN others AS o ON r.table_name = o.table_name AND r.record_id = o.record_id
WHERE r.table_name IN ('leaders', 'terms', 'summits', 'agreements', 'agreement_links', 'agreement_events',
  'issues', 'issue_events', 'summit_issues')
ORDER BY r.table_name, r.record_id
