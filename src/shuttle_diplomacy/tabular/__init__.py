"""From a resource to typed polars frames: records, types, reader, and the SQL context of views and rules.

Nothing is imported here, so that a caller pays for polars only, and pandera or sqlglot only where they are used.
"""
