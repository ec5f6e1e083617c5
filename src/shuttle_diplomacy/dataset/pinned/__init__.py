"""Published releases: downloaded once, checked against their published sums, kept for use without network."""
