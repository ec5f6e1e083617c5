-- id: disagreement-has-note
-- table: *
-- severity: error
-- message: {what} without a note; say in note_en {wanted}
-- reason: A disagreement is worth nothing to a reader who is not told what the other side or the other page says.
SELECT 'citations' AS table_name, CONCAT_WS('/', table_name, record_id, field, source_id, relation) AS record_id,
       'note_en' AS field, 'a source contradicts this' AS what, 'what it claims instead' AS wanted
FROM citations
WHERE relation = 'contradicts' AND note_en IS NULL
UNION ALL
SELECT 'summit_issues' AS table_name, CONCAT_WS('/', summit_id, issue_id) AS record_id, 'note_en' AS field,
       'the accounts differ' AS what, 'what each side says' AS wanted
FROM summit_issues
WHERE treatment = 'accounts_differ' AND note_en IS NULL
ORDER BY table_name, record_id
