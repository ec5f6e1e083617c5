-- id: not-negative
-- table: t
-- severity: error
-- message: {n} is negative; a count is not
-- reason: A count starts at nothing.
SELECT id, 'n' AS field, n FROM t WHERE n < 0 ORDER BY id
