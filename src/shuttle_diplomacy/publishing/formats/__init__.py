"""Formats of data in a release: of each table, and of all tables in one file."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from shuttle_diplomacy.publishing.formats.datasette import write_datasette
from shuttle_diplomacy.publishing.formats.duckdb import write_duckdb
from shuttle_diplomacy.publishing.formats.json_lines import write_json_lines
from shuttle_diplomacy.publishing.formats.parquet import write_parquet
from shuttle_diplomacy.publishing.formats.rds import write_rds
from shuttle_diplomacy.publishing.formats.sqlite import write_sqlite
from shuttle_diplomacy.publishing.formats.workbook import write_workbook
from shuttle_diplomacy.publishing.released import Release, ReleasedTable


@dataclass(frozen=True)
class TableFormat:
    """A format that holds one table.

    Attributes:
        media_type: its media type.
        write: writes a table of a release to a file.
        portable: whether the bytes are the same on any machine with the same lock file.
    """

    media_type: str
    write: Callable[[ReleasedTable, Release, Path], None]
    portable: bool = True


@dataclass(frozen=True)
class PackageFormat:
    """A format that holds all tables, or tells of them, in one file.

    Attributes:
        path: the file's path; ``{name}`` stands for the package's name.
        media_type: its media type.
        title: what it is, for people.
        write: writes a release to a file.
        portable: whether the bytes are the same on any machine with the same lock file.
    """

    path: str
    media_type: str
    title: str
    write: Callable[[Release, Path], None]
    portable: bool = True


TABLE_FORMATS: Mapping[str, TableFormat] = {
    "parquet": TableFormat("application/vnd.apache.parquet", write_parquet),
    "jsonl": TableFormat("application/jsonl", write_json_lines),
    "rds": TableFormat("application/x-r-data", write_rds, portable=False),
}
PACKAGE_FORMATS: tuple[PackageFormat, ...] = (
    PackageFormat(
        "{name}.sqlite", "application/vnd.sqlite3", "All tables as a SQLite database", write_sqlite, portable=False
    ),
    PackageFormat(
        "datasette.json", "application/json", "Metadata of the SQLite database for Datasette", write_datasette
    ),
    PackageFormat("{name}.duckdb.sql", "application/sql", "SQL that loads all tables into DuckDB", write_duckdb),
    PackageFormat(
        "{name}.xlsx",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "All tables as an Excel workbook",
        write_workbook,
        portable=False,
    ),
)
