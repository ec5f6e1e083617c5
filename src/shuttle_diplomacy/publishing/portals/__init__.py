"""Publishing a built release to portals: Zenodo, CKAN and GitHub, each by a module of its own.

A portal asks a :class:`~shuttle_diplomacy.publishing.portals.requesting.Client`: a connection that sends, or a
rehearsal that only writes down, so that a dry run shows the very requests of a real one.
"""
