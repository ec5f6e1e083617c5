"""Release build: the assembled descriptor, tables and views in open formats, checksums, archive, exchange."""
