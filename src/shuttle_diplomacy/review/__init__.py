"""Data review: the canonical form of tables, so that a line of a diff is a row of the data."""
