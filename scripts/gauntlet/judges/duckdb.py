"""DuckDB: the SQL that loads all tables, and every Parquet and CSV file by itself."""

import os
from pathlib import Path

from scripts.gauntlet.reading import counted, file_of, one, tables


def judge(release: Path) -> str:
    """Run the SQL in the release's folder and compare every table with its CSV."""
    import duckdb

    found = tables(release)
    sql = one(release, "*.duckdb.sql").read_text(encoding="utf-8")
    os.chdir(release)
    connection = duckdb.connect()
    connection.execute(sql)
    for table in found:
        name = '"' + table.name.replace('"', '""') + '"'
        texts = {c: _texts(connection, name, c) for c in table.texts()}
        table.compare(f"table {table.name!r}", *_shape(connection, name), texts)
        parquet = "read_parquet(" + _quoted(file_of(table, "parquet")) + ")"
        table.compare(f"Parquet of {table.name!r}", *_shape(connection, parquet))
        csv = f"read_csv({_quoted(table.formats['csv'])}, header=true, all_varchar=true, strict_mode=true, quote='\"')"
        table.compare(f"CSV of {table.name!r}", *_shape(connection, csv))
    return counted(found)


def _quoted(file: Path) -> str:
    return "'" + str(file).replace("'", "''") + "'"


def _shape(connection: object, relation: str) -> tuple[list[str], int]:
    execute = connection.execute  # type: ignore[attr-defined]
    columns = [line[0] for line in execute(f"DESCRIBE SELECT * FROM {relation}").fetchall()]  # noqa: S608
    return columns, execute(f"SELECT COUNT(*) FROM {relation}").fetchall()[0][0]  # noqa: S608


def _texts(connection: object, relation: str, column: str) -> list[str]:
    quoted = '"' + column.replace('"', '""') + '"'
    query = f"SELECT CAST({quoted} AS VARCHAR) FROM {relation}"  # noqa: S608
    return sorted(line[0] or "" for line in connection.execute(query).fetchall())  # type: ignore[attr-defined]
