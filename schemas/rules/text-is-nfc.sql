-- id: text-is-nfc
-- table: *
-- severity: error
-- message: {field} is not in Unicode normalisation form C; write composed characters
-- reason: One letter with its accent, or one Korean syllable, can be stored in several ways that look alike and
--   compare unequal. The old value of a correction is kept as it was.
SELECT table_name, record_id, field
FROM package_texts
WHERE NOT is_nfc
  AND NOT (table_name = 'corrections' AND field = 'old_value')
ORDER BY table_name, record_id, field
