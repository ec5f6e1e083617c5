"""Judging a release that somebody downloaded: is it whole, does it agree with itself, can it be built again."""
