"""Databases and workbooks of a release: they open, and hold as many rows as the tables; R's files are whole."""

import gzip
import sqlite3
import time
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import IO
from urllib.parse import quote
from xml.etree.ElementTree import ParseError, iterparse

from shuttle_diplomacy.errors import UnreadableError
from shuttle_diplomacy.package.finding import plain
from shuttle_diplomacy.package.guarded import DAMAGED
from shuttle_diplomacy.package.storage import Archive

_SECONDS = 60  # a database may hold views that never end
_STEPS = 10_000
_FOUND = 3
_R_FORMS = {b"X\n", b"A\n", b"B\n"}
_DATABASES = {".sqlite", ".db", ".sqlite3"}


def counted(file: Path, rows: Mapping[str, int]) -> Iterator[str]:
    """Yield what is wrong with a file that holds tables; formats that are not known are not looked at.

    Args:
        file: the file.
        rows: how many rows each table has, by name.
    """
    if file.suffix in _DATABASES:
        yield from _database(file, rows)
    elif file.suffix == ".xlsx":
        yield from _workbook(file, rows)
    elif file.suffix == ".rds":
        yield from _r_data(file)
    elif file.stat().st_size == 0:
        yield "is empty"


def _database(file: Path, rows: Mapping[str, int]) -> Iterator[str]:
    """Check a SQLite database, opened such that nothing in it can write or reach out."""
    ends = time.monotonic() + _SECONDS
    try:
        connection = sqlite3.connect(f"file:{quote(str(file.resolve()))}?mode=ro&immutable=1", uri=True)
        try:
            connection.execute("PRAGMA trusted_schema = OFF")
            connection.set_progress_handler(lambda: time.monotonic() > ends, _STEPS)
            (verdict,) = connection.execute("PRAGMA quick_check(1)").fetchone()
            if verdict != "ok":
                yield f"is damaged: {plain(str(verdict).splitlines()[-1])[:200]}"
                return
            broken = connection.execute("PRAGMA foreign_key_check").fetchmany(_FOUND)
            if broken:
                yield f"has rows in {plain(str(broken[0][0]))!r} that refer to nothing"
            there = {name for (name,) in connection.execute("SELECT name FROM sqlite_master")}
            for name, expected in rows.items():
                if name not in there:
                    yield f"has no table {name!r}"
                    continue
                quoted = '"' + name.replace('"', '""') + '"'
                (found,) = connection.execute(f"SELECT COUNT(*) FROM {quoted}").fetchone()  # noqa: S608 (quoted)
                if found != expected:
                    yield f"holds {found:,} rows of {name!r}, the table {expected:,}"
        finally:
            connection.close()
    except sqlite3.Error as error:
        yield f"cannot be read as a SQLite database: {plain(str(error))[:200]}"


def _workbook(file: Path, rows: Mapping[str, int]) -> Iterator[str]:
    """Count the rows of a workbook's sheets: for each table there is one with its rows and a header."""
    archive = Archive(file)
    try:
        with zipfile.ZipFile(file) as opened:
            sheets = [name for name in opened.namelist() if name.startswith("xl/worksheets/") and name.endswith(".xml")]
        found = []
        for name in sheets:
            with archive.open(name) as sheet:
                found.append(_rows_of(sheet))
    except (OSError, UnreadableError, ParseError, *DAMAGED) as error:
        yield f"cannot be read as an Excel workbook: {plain(str(error))[:200]}"
        return
    for table, expected in rows.items():
        if expected + 1 in found:
            found.remove(expected + 1)
        else:
            yield f"has no sheet with the {expected:,} rows of {table!r} and their header"


def _r_data(file: Path) -> Iterator[str]:
    """Read a file of R to its end; libraries that parse it are not made for files of strangers."""
    try:
        with file.open("rb") as stored:
            packed = stored.read(2) == b"\x1f\x8b"
        with gzip.open(file) if packed else file.open("rb") as content:
            if content.read(2) not in _R_FORMS:
                yield "is no file of R's readRDS"
            while content.read(1 << 20):
                pass
    except (OSError, *DAMAGED) as error:
        yield f"cannot be read: {plain(str(error))[:200]}"


def _rows_of(sheet: IO[bytes]) -> int:
    count = 0
    for event, element in iterparse(sheet, events=("start", "end")):  # noqa: S314 (expat bounds what entities grow to)
        if element.tag.endswith("}row"):
            if event == "start":
                count += 1
            else:
                element.clear()
    return count
