"""Tables that describe a SQLite database: ``_package``, ``_tables`` and ``_columns``."""

import json
from collections.abc import Iterable, Iterator, Mapping

from shuttle_diplomacy.publishing.formats.ddl import NamedTable, clean
from shuttle_diplomacy.publishing.formats.sqlite_columns import Column, Value
from shuttle_diplomacy.publishing.formats.sqlite_search import Search
from shuttle_diplomacy.publishing.released import Release

METADATA: Mapping[str, tuple[str, ...]] = {
    "_package": ("property TEXT NOT NULL PRIMARY KEY", "value TEXT"),
    "_tables": (
        "name TEXT NOT NULL PRIMARY KEY",
        "title TEXT",
        "description TEXT",
        "resource TEXT NOT NULL",
        "row_count INTEGER NOT NULL",
        "derived_by TEXT",
        "full_text_index TEXT",
    ),
    "_columns": (
        "table_name TEXT NOT NULL",
        "name TEXT NOT NULL",
        "position INTEGER NOT NULL",
        "title TEXT",
        "description TEXT",
        "field TEXT NOT NULL",
        "type TEXT NOT NULL",
        "written_as TEXT",
        "field_descriptor TEXT NOT NULL",
        "PRIMARY KEY (table_name, name)",
    ),
}


def description_rows(
    release: Release,
    tables: list[NamedTable],
    columns: Mapping[str, list[Column]],
    searches: Mapping[str, Search],
) -> Mapping[str, Iterable[tuple[Value, ...]]]:
    """Return the rows of each table in :data:`METADATA`."""
    return {
        "_package": _package_rows(release),
        "_tables": (_table_row(named, searches.get(named.name)) for named in tables),
        "_columns": (_column_row(named, n, c) for named in tables for n, c in enumerate(columns[named.name], 1)),
    }


def _package_rows(release: Release) -> Iterator[tuple[Value, ...]]:
    known = {key: value for key, value in release.descriptor.items() if key != "resources"}
    for name, value in {**known, "citation": release.citation}.items():
        text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
        yield clean(name), clean(text)


def _table_row(named: NamedTable, search: Search | None) -> tuple[Value, ...]:
    table = named.table
    texts = (clean(str(table.descriptor.get("title") or "")) or None, clean(table.description) or None)
    index = search.name if search else None
    return (named.name, *texts, clean(table.name), table.frame.height, table.view, index)


def _column_row(named: NamedTable, position: int, column: Column) -> tuple[Value, ...]:
    field = column.field
    texts = (clean(str(field.descriptor.get("title", ""))) or None, clean(field.description) or None)
    descriptor = clean(json.dumps(field.descriptor, ensure_ascii=False))
    known = (clean(field.name), field.type, column.form or None, descriptor)
    return (named.name, column.name, position, *texts, *known)
