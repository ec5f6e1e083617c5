"""Ways to break a copy of a release, each in one thing that one judge has to notice."""

import csv
import hashlib
import json
import re
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from scripts.gauntlet.reading import Table, descriptor, one, tables
from scripts.gauntlet.running import NotApplicableError

_WRONG = "not what it was"
Broken = Callable[[Path], None]


def absent(*patterns: str) -> Broken:
    """Return what removes the files that fit one of some patterns."""

    def make(release: Path) -> None:
        for file in [file for pattern in patterns for file in release.glob(pattern)]:
            file.unlink()

    return make


def halved(pattern: str) -> Broken:
    """Return what cuts the first file that fits a pattern in the middle."""

    def make(release: Path) -> None:
        file = next(iter(sorted(release.glob(pattern))))
        content = file.read_bytes()
        file.write_bytes(content[: len(content) // 2])

    return make


def without(*named: tuple[str, str]) -> Broken:
    """Return what removes a key from all objects of a JSON file."""

    def cut(key: str, value: Any) -> Any:
        if isinstance(value, dict):
            return {name: cut(key, item) for name, item in value.items() if name != key or name == "@context"}
        return [cut(key, item) for item in value] if isinstance(value, list) else value

    def make(release: Path) -> None:
        for name, key in named:
            _rewrite(release / name, partial(cut, key))

    return make


def replaced(name: str, key: str, by: str) -> Broken:
    """Return what replaces the first text of a key in a JSON file, wherever in it the key stands."""

    def make(release: Path) -> None:
        file = release / name
        old = file.read_text(encoding="utf-8")
        new = re.sub(rf'("{re.escape(key)}": )"[^"]*"', lambda found: f'{found[1]}"{by}"', old, count=1)
        file.write_text(new, encoding="utf-8")

    return make


def without_lines(name: str, start: str) -> Broken:
    """Return what removes the lines of a text file that start in a certain way."""

    def make(release: Path) -> None:
        file = release / name
        kept = [
            line for line in file.read_text(encoding="utf-8").splitlines(keepends=True) if not line.startswith(start)
        ]
        file.write_text("".join(kept), encoding="utf-8")

    return make


def without_element(name: str, element: str) -> Broken:
    """Return what removes an element from an XML file."""

    def make(release: Path) -> None:
        file = release / name
        text = file.read_text(encoding="utf-8")
        file.write_text(re.sub(rf"<{element}>.*</{element}>", "", text, flags=re.DOTALL), encoding="utf-8")

    return make


def without_statements(term: str) -> Broken:
    """Return what removes all statements with a term of Dublin Core from the Turtle."""

    def make(release: Path) -> None:
        from rdflib import DCTERMS, Graph

        graph = Graph().parse(release / "dcat.ttl", format="turtle")
        graph.remove((None, DCTERMS[term], None))
        graph.serialize(release / "dcat.ttl", format="turtle")

    return make


def _rewrite(file: Path, change: Callable[[Any], Any]) -> None:
    value = change(json.loads(file.read_text(encoding="utf-8")))
    file.write_text(json.dumps(value, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def no_resources(release: Path) -> None:
    """Empty the list of resources."""
    _rewrite(release / "datapackage.json", lambda value: value | {"resources": []})


def wrong_hash(release: Path) -> None:
    """State another checksum of a file than it has."""

    def change(value: Any) -> Any:
        value["resources"][0]["hash"] = "sha256:" + "0" * 64
        return value

    _rewrite(release / "datapackage.json", change)


def _filled(release: Path) -> Table:
    """Return the first table with rows and a column of plain text that holds one."""
    for table in tables(release):
        if any(any(values) for values in table.texts().values()):
            return table
    raise NotApplicableError("no table holds a text")


def _text_column(table: Table) -> str:
    return next(name for name, values in table.texts().items() if any(values))


def _store(table: Table, lines: list[list[str]]) -> None:
    with table.formats["csv"].open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(lines)


def wrong_cell(release: Path) -> None:
    """Change a text in a CSV."""
    table = _filled(release)
    place = table.columns.index(_text_column(table))
    lines = [list(line) for line in table.lines]
    lines[next(n for n, line in enumerate(lines) if n and line[place])][place] = _WRONG
    _store(table, lines)


def wrong_label(release: Path) -> None:
    """Change the first label of a CSV, checksum and size being right."""
    table = _filled(release)
    _store(table, [[_WRONG, *table.columns[1:]], *table.lines[1:]])
    _restate(release, table)


def short_row(release: Path) -> None:
    """Leave out the last cell of a row of a CSV."""
    table = next((table for table in tables(release) if table.rows and len(table.columns) > 1), None)
    if table is None:
        raise NotApplicableError("no table has rows of more than one cell")
    _store(table, [table.lines[0], table.lines[1][:-1], *table.lines[2:]])


def long_row(release: Path) -> None:
    """Add a cell to the last row of a CSV of at least two."""
    table = next((table for table in tables(release) if table.rows > 1), None)
    if table is None:
        raise NotApplicableError("no table has two rows")
    _store(table, [*table.lines[:-1], [*table.lines[-1], _WRONG]])


def missing_row(ending: str) -> Broken:
    """Return what removes the last line of a file of a table, in a text format."""

    def make(release: Path) -> None:
        table = _filled(release)
        file = table.formats[ending]
        if ending == "csv":
            _store(table, table.lines[:-1])
            return
        file.write_bytes(b"".join(file.read_bytes().splitlines(keepends=True)[:-1]))

    return make


def _restate(release: Path, table: Table) -> None:
    """State size and checksum of a changed CSV in the descriptor."""
    content = table.formats["csv"].read_bytes()

    def change(value: Any) -> Any:
        for resource in value["resources"]:
            if resource["name"] == table.name:
                resource |= {"bytes": len(content), "hash": "sha256:" + hashlib.sha256(content).hexdigest()}
        return value

    _rewrite(release / "datapackage.json", change)


def dangling_key(release: Path) -> None:
    """Let a foreign key of a CSV point to no row, checksum and size being right."""
    for table in tables(release):
        texts = table.texts()
        for key in table.schema.get("foreignKeys", []):
            names = [key["fields"]] if isinstance(key["fields"], str) else key["fields"]
            name = next((name for name in names if any(texts.get(name, []))), None)
            if name is None:
                continue
            place = table.columns.index(name)
            lines = [list(line) for line in table.lines]
            lines[next(n for n, line in enumerate(lines) if n and line[place])][place] = "nowhere"
            _store(table, lines)
            _restate(release, table)
            return
    raise NotApplicableError("no table has a foreign key of texts")


def parquet_cell(release: Path) -> None:
    """Change a text in a Parquet file."""
    import polars as pl

    table = _filled(release)
    name, file = _text_column(table), table.formats["parquet"]
    frame = pl.read_parquet(file).with_columns(pl.col(name).cast(pl.String))
    first = frame[name].drop_nulls()[0]
    frame.with_columns(pl.col(name).replace(first, _WRONG)).write_parquet(file)


def sqlite_key(release: Path) -> None:
    """Let a foreign key of the database point to no row."""
    import sqlite3
    from contextlib import closing

    with closing(sqlite3.connect(one(release, "*.sqlite"))) as connection:
        connection.execute("PRAGMA foreign_keys = OFF")
        connection.execute("PRAGMA ignore_check_constraints = ON")
        names = [row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        for name in names:
            for key in connection.execute("SELECT * FROM pragma_foreign_key_list(?)", (name,)).fetchall():
                if _spoil(connection, name, key[3]):
                    connection.commit()
                    return
    raise NotApplicableError("no table of the database has a filled foreign key")


def sqlite_cell(release: Path) -> None:
    """Change a text of a table of the database that is no view."""
    import sqlite3
    from contextlib import closing

    with closing(sqlite3.connect(one(release, "*.sqlite"))) as connection:
        connection.execute("PRAGMA foreign_keys = OFF")
        connection.execute("PRAGMA ignore_check_constraints = ON")
        stored = {row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        for table in tables(release):
            keys = {key[3] for key in connection.execute("SELECT * FROM pragma_foreign_key_list(?)", (table.name,))}
            for name, values in table.texts().items():
                if table.name in stored and name not in keys and any(values) and _spoil(connection, table.name, name):
                    connection.commit()
                    return
    raise NotApplicableError("no table of the database holds a text")


def _spoil(connection: Any, table: str, column: str) -> bool:
    """Change one value of a column; return False where that cannot be."""
    import sqlite3

    of, what = (f'"{name.replace(chr(34), chr(34) * 2)}"' for name in (table, column))
    one_of = f"(SELECT {what} FROM {of} WHERE {what} IS NOT NULL LIMIT 1)"  # noqa: S608
    try:
        done = connection.execute(f"UPDATE {of} SET {what} = ? WHERE {what} = {one_of}", (_WRONG,))  # noqa: S608
    except sqlite3.Error:
        return False
    return bool(done.rowcount)


def sheet_cell(release: Path) -> None:
    """Change a text of a sheet."""
    from openpyxl import load_workbook

    table, file = _filled(release), one(release, "*.xlsx")
    workbook = load_workbook(file)
    sheet = workbook[table.name]
    place = table.columns.index(_text_column(table)) + 1
    row = next(n for n in range(2, sheet.max_row + 1) if sheet.cell(n, place).value)
    sheet.cell(row, place).value = _WRONG
    workbook.save(file)


def named(release: Path) -> str:
    """Return name and version of a release, for people."""
    found = descriptor(release)
    return f"{found.get('name')} {found.get('version')}"
