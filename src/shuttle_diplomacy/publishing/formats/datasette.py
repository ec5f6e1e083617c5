"""``datasette.json``: what Datasette shows beside the SQLite database (https://docs.datasette.io/en/stable/metadata.html).

Start it in the release's folder with ``datasette <name>.sqlite -m datasette.json``.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from shuttle_diplomacy.package import Field
from shuttle_diplomacy.publishing.formats.ddl import NamedTable, clean, literal, quote
from shuttle_diplomacy.publishing.formats.sqlite import naming
from shuttle_diplomacy.publishing.formats.sqlite_description import METADATA
from shuttle_diplomacy.publishing.formats.sqlite_search import Search
from shuttle_diplomacy.publishing.released import Release

_MOST_FACETS = 4  # each is a query of its own whenever the table is opened
_MOST_VALUES = 30  # that Datasette lists of a facet
_MOST_TABLES = 100  # of one search: SQLite joins 500 at most
_MOST_SEARCHED = 500  # columns of a table, for words that its index does not find: SQLite nests 1000 expressions
_SHORTEST = 3  # characters that the full-text index finds
_DATED = {"date", "datetime", "year", "yearmonth"}
_LABELS = ("name", "title", "label")


def write_datasette(release: Release, file: Path) -> None:
    """Write the metadata of a release for Datasette."""
    text = json.dumps(datasette(release), ensure_ascii=False, indent=2)
    file.write_text(text + "\n", encoding="utf-8", newline="\n")


def datasette(release: Release) -> dict[str, Any]:
    """Return the metadata of a release for Datasette, as a JSON object."""
    tables, searches, _ = naming(release)
    shown = {named.name: _table(named, searches.get(named.name)) for named in tables}
    hidden: dict[str, Any] = {name: {"hidden": True} for name in [*METADATA, *release.metadata] if name not in shown}
    database = {**_about(release), "tables": {**shown, **hidden}}
    if queries := _queries(list(searches.values())[:_MOST_TABLES]):
        database["queries"] = queries
    return {**_about(release), "databases": {release.name: database}}


def _about(release: Release) -> dict[str, str]:
    """Return title, description, licence and source; addresses only of the web, for they become links."""
    licences = release.descriptor.get("licenses") or [{}]
    licence = licences[0] if isinstance(licences, list) and isinstance(licences[0], dict) else {}
    known = {
        "title": release.title,
        "description": release.description,
        "license": licence.get("title") or licence.get("name"),
        "license_url": _address(licence.get("path")),
        "source": f"{release.title}, version {release.version}",
        "source_url": _address(release.base_url),
    }
    return {key: clean(value) for key, value in known.items() if isinstance(value, str) and value}


def _address(value: object) -> str | None:
    is_web = isinstance(value, str) and value.lower().startswith(("https://", "http://"))
    return value if is_web and isinstance(value, str) else None


def _table(named: NamedTable, search: Search | None) -> dict[str, Any]:
    about = {"title": named.table.title, "description": named.table.description}
    found: dict[str, Any] = {key: clean(value) for key, value in about.items() if value}
    found["columns"] = {
        named.columns[field.name]: clean(text)
        for field in named.fields
        if (text := field.description or str(field.descriptor.get("title", "")))
    }
    if facets := [named.columns[field.name] for field in _facets(named)]:
        found["facets"] = facets
    if sort := next((f for f in named.fields if f.type in _DATED and _is_filled(named, f)), None):
        found["sort"] = named.columns[sort.name]
    if label := next((f for f in named.fields if f.type == "string" and f.name.lower().startswith(_LABELS)), None):
        found["label_column"] = named.columns[label.name]
    if search is not None:
        found |= {"fts_table": search.name, "fts_pk": search.row_id}
    return found


def _facets(named: NamedTable) -> list[Field]:
    """Return the fields by whose values rows are worth counting: those with few values, but more than one."""
    few = [field for field in named.fields if field.values or field.type == "boolean"]
    return [
        field
        for field in few
        if field.type not in {"list", "array", "object", "geojson"}
        and 1 < named.table.frame.get_column(field.name).drop_nulls().n_unique() <= _MOST_VALUES
    ][:_MOST_FACETS]


def _is_filled(named: NamedTable, field: Field) -> bool:
    return not named.table.frame.get_column(field.name).null_count()


def _queries(searches: list[Search]) -> Mapping[str, Any]:
    """Return one search of all tables; words that are too short for the index are looked for in the texts."""
    if not searches:
        return {}
    return {
        "search": {
            "title": "Search all texts",
            "description": "Rows of all tables that hold these words; Japanese and Korean words of two characters too.",
            "hide_sql": True,
            "sql": "\nUNION ALL\n".join(map(_search, searches)) + "\nLIMIT 500",
        }
    }


def _search(search: Search) -> str:
    named, row_id = search.table, search.row_id
    key = [named.columns[name] for name in named.primary_key] or [row_id]
    record = " || '/' || ".join(quote(name) for name in key)
    found = [f"instr(lower({quote(name)}), lower(:words)) > 0" for name in search.columns[:_MOST_SEARCHED]]
    text = " ".join(f"WHEN {test} THEN {quote(name)}" for test, name in zip(found, search.columns, strict=False))
    index = quote(search.name)
    matches = f"SELECT rowid FROM {index} WHERE {index} MATCH '\"' || replace(:words, '\"', '\"\"') || '\"'"  # noqa: S608
    return (
        f'SELECT {literal(named.name)} AS "table", {record} AS record, CASE {text} END AS text\n'
        f"FROM {quote(named.name)}\n"
        f"WHERE CASE WHEN length(:words) >= {_SHORTEST} THEN {row_id} IN ({matches})\n"
        f"ELSE :words <> '' AND ({' OR '.join(found)}) END"
    )
