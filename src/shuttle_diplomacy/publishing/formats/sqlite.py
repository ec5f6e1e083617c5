"""One SQLite database of all tables of a release: typed, keyed, checked, described, indexed and searchable.

Computed tables are views where SQLite gives the same rows in the same order, else tables. The bytes depend on the
content and on the version of SQLite alone.
"""

import errno
import re
import sqlite3
from collections.abc import Iterable, Mapping
from contextlib import closing
from pathlib import Path

from shuttle_diplomacy.errors import UnsoundTableError, UnsupportedError
from shuttle_diplomacy.package import Schema
from shuttle_diplomacy.publishing.formats.ddl import (
    NamedTable,
    Names,
    described,
    named_tables,
    quote,
    references,
)
from shuttle_diplomacy.publishing.formats.sqlite_columns import Column, Value, columns_of, stored_rows
from shuttle_diplomacy.publishing.formats.sqlite_description import METADATA, description_rows
from shuttle_diplomacy.publishing.formats.sqlite_search import Search, searches
from shuttle_diplomacy.publishing.formats.sqlite_views import MOST_STEPS, same_rows, translated
from shuttle_diplomacy.publishing.released import Release, ReleasedTable
from shuttle_diplomacy.tabular.sql import named_tables as tables_in

_OLDEST = (3, 38, 0)  # the first with JSON and STRICT tables in every build
_MOST_COLUMNS = 2000
_STEP = 100_000
_CACHE = 64 << 10  # KiB: keys come in any order, and each has to find its page
_APPLICATION = int.from_bytes(b"DPKG", "big")  # a Data Package
_VERSION = re.compile(r"(\d{1,3})\.(\d{1,3})\.(\d{1,3})(?![0-9])")
_DISK = {sqlite3.SQLITE_FULL: errno.ENOSPC, sqlite3.SQLITE_IOERR: errno.EIO, sqlite3.SQLITE_READONLY: errno.EROFS}


def naming(release: Release) -> tuple[list[NamedTable], Mapping[str, Search], Names]:
    """Return the tables of a release as a database names them, their full-text indexes, and the names left."""
    names = Names(METADATA, reserved="sqlite_", avoided="]")  # with which viewers quote names, Datasette among them
    tables = [named for named in named_tables(release, names) if len(named.columns) <= _MOST_COLUMNS]
    return tables, searches(tables, names), names


def write_sqlite(release: Release, file: Path) -> None:
    """Write a release as one SQLite database.

    Raises:
        OSError: the disk is full, or the file cannot be written.
        UnsoundTableError: a row breaks a constraint of its table.
        UnsupportedError: the SQLite of this Python is too old.
    """
    if sqlite3.sqlite_version_info < _OLDEST:
        oldest = ".".join(map(str, _OLDEST))
        raise UnsupportedError(f"Python is linked to SQLite {sqlite3.sqlite_version}; use one with {oldest} or later")
    try:
        with closing(sqlite3.connect(file, isolation_level=None)) as database:
            _Writer(release, database).write()
    except sqlite3.OperationalError as error:
        code = _DISK.get(error.sqlite_errorcode & 0xFF)
        if code is None:
            raise
        raise OSError(code, str(error), str(file)) from error


class _Writer:
    """Fills an empty database."""

    def __init__(self, release: Release, database: sqlite3.Connection) -> None:
        self.release, self.database = release, database
        self.tables, self.searches, self.names = naming(release)

    def write(self) -> None:
        run = self.database.execute
        for setting in ("page_size = 4096", "encoding = 'UTF-8'", "auto_vacuum = NONE", "journal_mode = MEMORY"):
            run(f"PRAGMA {setting}")
        run("PRAGMA synchronous = OFF")
        run(f"PRAGMA cache_size = -{_CACHE}")
        run("PRAGMA foreign_keys = OFF")  # checked as a whole below: rows may refer to later ones
        run(f"PRAGMA application_id = {_APPLICATION}")
        run(f"PRAGMA user_version = {_number(self.release.version)}")
        run("BEGIN")
        columns = {named.name: columns_of(named) for named in self.tables}
        for named in self.tables:
            if named.table.query is None:
                self._table(named, columns[named.name])
        self._check_references()
        self._derived(columns)
        self._describe(columns)
        for search in self.searches.values():
            for statement in search.statements:
                run(statement)
        run("COMMIT")
        run("ANALYZE")
        run("VACUUM")

    def _table(self, named: NamedTable, columns: list[Column]) -> None:
        refers = list(references(named, self.tables))
        constraints = [f"PRIMARY KEY ({named.names_of(named.primary_key)})"] if named.primary_key else []
        constraints += [f"UNIQUE ({named.names_of(key)})" for key in named.unique_keys]
        constraints += [reference.sql for reference in refers]
        self.database.execute(_create_table(named, columns, constraints))
        self._insert(named.name, stored_rows(named.table.frame, columns), len(columns), named.table.name)
        keys = [named.primary_key, *named.unique_keys]
        for reference in refers:
            if not any(key[: len(reference.fields)] == reference.fields for key in keys):
                keys.append(reference.fields)
                index = self.names.take(f"{named.name}_{'_'.join(reference.fields)}_index")
                on = f"{quote(named.name)} ({named.names_of(reference.fields)})"
                self.database.execute(f"CREATE INDEX {quote(index)} ON {on}")

    def _insert(self, name: str, rows: Iterable[tuple[Value, ...]], width: int, resource: str) -> None:
        marks = ", ".join("?" * width)
        try:
            self.database.executemany(f"INSERT INTO {quote(name)} VALUES ({marks})", rows)  # noqa: S608
        except sqlite3.IntegrityError as error:
            (count,) = self.database.execute(f"SELECT COUNT(*) FROM {quote(name)}").fetchone()  # noqa: S608
            reason = " ".join(str(error).split())
            raise UnsoundTableError(f"{resource!r}, row {count + 2}: {reason}; run: shuttle validate") from error

    def _check_references(self) -> None:
        broken = self.database.execute("PRAGMA foreign_key_check").fetchone()
        if broken:
            child, row, parent, _ = broken
            raise UnsoundTableError(f"{child!r}: row {row} refers to nothing in {parent!r}; run: shuttle validate")

    def _derived(self, columns: Mapping[str, list[Column]]) -> None:
        """Make the computed tables, each after those that its query reads."""
        waiting = {named.table.name: named for named in self.tables if named.table.query is not None}
        beside = {name for name in self.release.metadata if self.names.take(name) == name}
        while waiting:
            for name, named in list(waiting.items()):
                read = tables_in(named.table.query or "")
                if not read & (waiting.keys() - {name}):
                    del waiting[name]
                    for table in sorted(read & beside):
                        beside.remove(table)
                        self._metadata(table)
                    if not self._view(named, columns[named.name]):
                        self._table(named, columns[named.name])

    def _metadata(self, name: str) -> None:
        """Store a table of metadata that a query reads."""
        frame = self.release.metadata[name]
        types = [{"name": column, "type": _type(dtype)} for column, dtype in frame.schema.items()]
        table = ReleasedTable(name, Schema({"fields": types}), frame, "", {})
        named = NamedTable(table, name, {column: column for column in frame.columns})
        self._table(named, columns_of(named))

    def _view(self, named: NamedTable, columns: list[Column]) -> bool:
        """Make a view if it gives exactly the computed rows in not too many steps; else leave nothing."""
        query = translated(named.table.query or "")
        if query is None:
            return False
        steps = iter(range(MOST_STEPS // _STEP))
        self.database.execute("SAVEPOINT view")
        self.database.set_progress_handler(lambda: next(steps, None) is None, _STEP)
        try:
            self.database.execute(_create_view(named, columns, query))
            rows = self.database.execute(f"SELECT * FROM {quote(named.name)}")  # noqa: S608
            found = same_rows(rows, stored_rows(named.table.frame, columns))
            rows.close()
        except sqlite3.Error:
            found = False
        finally:
            self.database.set_progress_handler(None, 0)
        if not found:
            self.database.execute("ROLLBACK TO view")
        self.database.execute("RELEASE view")
        return found

    def _describe(self, columns: Mapping[str, list[Column]]) -> None:
        for name, rows in description_rows(self.release, self.tables, columns, self.searches).items():
            parts = METADATA[name]
            self.database.execute(f"CREATE TABLE {quote(name)} ({', '.join(parts)}) STRICT")
            self._insert(name, rows, sum("PRIMARY KEY (" not in part for part in parts), name)


def _number(version: str) -> int:
    """Return a version as one number.

    Examples:
        >>> _number("1.2.3"), _number("2026-01")
        (1002003, 0)
    """
    found = _VERSION.match(version)
    return sum(int(part) * 1000**power for power, part in zip((2, 1, 0), found.groups(), strict=True)) if found else 0


def _type(dtype: object) -> str:
    known = {"Date": "date", "Int64": "integer", "Float64": "number", "Boolean": "boolean"}
    return known.get(str(dtype), "string")


def _create_table(named: NamedTable, columns: list[Column], constraints: list[str]) -> str:
    required = {*named.primary_key, *(field.name for field in named.fields if field.required)}
    lines = [
        (
            f"{quote(column.name)} {column.type}"
            + (" NOT NULL" if column.field.name in required else "")
            + "".join(f" CHECK ({check})" for check in column.checks),
            _remark(column),
        )
        for column in columns
    ]
    return f"CREATE TABLE {quote(named.name)} ({_lines(named, [*lines, *((c, '') for c in constraints)])}) STRICT"


def _create_view(named: NamedTable, columns: list[Column], query: str) -> str:
    lines = [(quote(column.name), _remark(column)) for column in columns]
    return f"CREATE VIEW {quote(named.name)} ({_lines(named, lines)}) AS {query}"


def _remark(column: Column) -> str:
    return described(str(column.field.descriptor.get("title", "")), column.field.description)


def _lines(named: NamedTable, parts: list[tuple[str, str]]) -> str:
    """Return the parts of a statement, each on a line that ends with a comment."""
    about = described(str(named.table.descriptor.get("title") or ""), named.table.description)
    last = len(parts) - 1
    lines = [
        f"  {part}{',' if number < last else ''}{f' -- {comment}' if comment else ''}"
        for number, (part, comment) in enumerate(parts)
    ]
    return "\n".join([f" -- {about}" if about else "", *lines, ""])
