"""Maintainers' chores; not part of the installed package."""
