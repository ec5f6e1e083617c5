-- id: leader-of-side
-- table: *
-- severity: error
-- message: {leader_id} led {country}, but {field} needs a leader of {wanted}
-- reason: Japan is led by prime ministers, the Republic of Korea by presidents, and each summit has one leader of
--   each; a swapped pair would turn every count of a leader's meetings wrong.
SELECT 'summits' AS table_name, s.summit_id AS record_id, 'jp_leader_id' AS field, l.leader_id, l.country,
       'JP' AS wanted
FROM summits AS s
JOIN leaders AS l ON s.jp_leader_id = l.leader_id
WHERE l.country <> 'JP'
UNION ALL
SELECT 'summits' AS table_name, s.summit_id AS record_id, 'kr_leader_id' AS field, l.leader_id, l.country,
       'KR' AS wanted
FROM summits AS s
JOIN leaders AS l ON s.kr_leader_id = l.leader_id
WHERE l.country <> 'KR'
UNION ALL
SELECT 'terms' AS table_name, t.term_id AS record_id, 'office' AS field, l.leader_id, l.country,
       CASE WHEN t.office IN ('prime_minister', 'acting_prime_minister') THEN 'JP' ELSE 'KR' END AS wanted
FROM terms AS t
JOIN leaders AS l ON t.leader_id = l.leader_id
WHERE l.country <> CASE WHEN t.office IN ('prime_minister', 'acting_prime_minister') THEN 'JP' ELSE 'KR' END
ORDER BY table_name, record_id, field
