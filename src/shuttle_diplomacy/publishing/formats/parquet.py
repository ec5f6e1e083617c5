"""Parquet files whose bytes depend on their content alone, not on the number of threads or the chunks of a frame.

The file says what it is: its key-value metadata hold

- ``package``, ``version``, ``title``, ``description``, ``licenses``, ``homepage`` and ``citation`` of the package;
- ``table``, ``table_title`` and ``table_description``;
- ``table_schema``: the Table Schema as JSON, with the titles, descriptions and constraints of all fields;
- ``sorted_by``: the primary key as JSON, if the rows are in its order.

What a package does not state is left out. Rows stand as in the table's own file, so that all formats agree.
"""

import json
from collections.abc import Iterator
from pathlib import Path

import polars as pl

from shuttle_diplomacy.publishing.released import Release, ReleasedTable

_LEVEL = 9
_ROWS = 1 << 18


def write_parquet(table: ReleasedTable, release: Release, file: Path) -> None:
    """Write a table as Parquet: zstd, statistics on, row groups of a fixed size; Enum columns stay Enum."""
    metadata = {key: text for key, text in _metadata(table, release) if text}
    table.frame.rechunk().write_parquet(
        file, compression="zstd", compression_level=_LEVEL, statistics=True, row_group_size=_ROWS, metadata=metadata
    )


def _metadata(table: ReleasedTable, release: Release) -> Iterator[tuple[str, str]]:
    yield "package", release.name
    yield "version", release.version
    yield "title", str(release.descriptor.get("title") or "")
    yield "description", release.description
    yield "licenses", _json(release.descriptor.get("licenses"))
    yield "homepage", str(release.descriptor.get("homepage") or "")
    yield "citation", release.citation
    yield "table", table.name
    yield "table_title", str(table.descriptor.get("title") or "")
    yield "table_description", table.description
    yield "table_schema", _json(table.schema.descriptor)
    yield "sorted_by", _json(list(table.schema.primary_key) if _is_sorted(table) else None)


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False) if value else ""


def _is_sorted(table: ReleasedTable) -> bool:
    """Return whether rows are in the order of the primary key, texts by code point."""
    key = table.schema.primary_key
    if not key:
        return False
    values = table.frame.select(table.frame[name].alias(str(number)) for number, name in enumerate(key))
    if any(dtype.is_nested() for dtype in values.dtypes):
        return False
    values = values.cast({name: pl.String for name, dtype in values.schema.items() if isinstance(dtype, pl.Enum)})
    return values.equals(values.sort(values.columns))
