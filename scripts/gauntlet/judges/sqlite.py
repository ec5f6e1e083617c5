"""SQLite: foreign keys, integrity, and every table."""

import sqlite3
from contextlib import closing
from pathlib import Path

from scripts.gauntlet.reading import Fault, counted, one, tables, text


def judge(release: Path) -> str:
    """Check the database as a whole, and compare its tables and views with the CSV."""
    found = tables(release)
    address = one(release, "*.sqlite").absolute().as_uri() + "?mode=ro&immutable=1"
    with closing(sqlite3.connect(address, uri=True)) as connection:
        if (said := connection.execute("PRAGMA integrity_check").fetchall()) != [("ok",)]:
            raise Fault(f"integrity_check: {said[0][0]}")
        if dangling := connection.execute("PRAGMA foreign_key_check").fetchall():
            table, row, parent, _ = dangling[0]
            raise Fault(f"foreign_key_check: {len(dangling)} rows, the first in {table!r}, row {row}, to {parent!r}")
        for table in found:
            cursor = connection.execute('SELECT * FROM "' + table.name.replace('"', '""') + '"')  # noqa: S608
            columns = [column[0] for column in cursor.description]
            lines = cursor.fetchall()
            texts = {c: sorted(text(line[n]) for line in lines) for n, c in enumerate(columns)}
            table.compare(f"table {table.name!r}", columns, len(lines), texts)
    return counted(found)
