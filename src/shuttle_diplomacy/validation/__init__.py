"""Judging a package: descriptor, structure, types, constraints, keys, rules, and the report of it all."""
