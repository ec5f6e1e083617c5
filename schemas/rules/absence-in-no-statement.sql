-- id: absence-in-no-statement
-- table: summit_issues
-- severity: error
-- message: the treatment is {treatment}, but in_statements is {in_statements}; an issue that a final statement names is in the
--   public record
-- reason: An absence and a statement that names the issue exclude each other; one of the two cells is wrong.
SELECT summit_id, issue_id, 'in_statements' AS field, treatment, in_statements
FROM summit_issues
WHERE treatment = 'not_in_public_record' AND in_statements IN ('joint_text', 'both', 'jp', 'kr')
ORDER BY summit_id, issue_id
