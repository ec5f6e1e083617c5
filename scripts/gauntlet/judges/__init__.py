"""The judges: each module has ``judge(release, ...)``, which returns what it looked at or raises a Fault."""
