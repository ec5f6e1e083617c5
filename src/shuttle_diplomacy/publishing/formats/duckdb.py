"""A file of SQL that makes a DuckDB database of a release's Parquet files: types, keys, checks and descriptions.

Run it in the release's folder: ``duckdb zoo.duckdb < zoo.duckdb.sql``.
"""

import math
from collections.abc import Iterator, Mapping
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import polars as pl

from shuttle_diplomacy.package import Field
from shuttle_diplomacy.publishing.formats.ddl import (
    NamedTable,
    Names,
    Reference,
    described,
    literal,
    named_tables,
    quote,
    references,
    remark,
)
from shuttle_diplomacy.publishing.released import Release
from shuttle_diplomacy.tabular.constraints import Constraint, constraints_of

_PLAIN = {
    "Int64": "BIGINT",
    "Int32": "BIGINT",
    "Float64": "DOUBLE",
    "Boolean": "BOOLEAN",
    "Date": "DATE",
    "Time": "TIME",
    "String": "VARCHAR",
}
_JSON = {"object", "array", "geojson"}
_COMPARED = {"minimum": ">=", "maximum": "<=", "exclusiveMinimum": ">", "exclusiveMaximum": "<"}
_MOST_MONTHS = 2**31 - 1  # of an INTERVAL
_MOST_VALUES = 1000  # of a list in a CHECK
_GLOB = str.maketrans({char: f"[{char}]" for char in "*?["})


def write_duckdb(release: Release, file: Path) -> None:
    """Write the statements that make a DuckDB database of a release."""
    file.write_text("\n".join(statements(release)) + "\n", encoding="utf-8", newline="\n")


def statements(release: Release) -> Iterator[str]:
    """Yield the statements, each as one text, and remarks between them."""
    yield f"-- {remark(release.title)}, version {remark(release.version)}"
    yield f"-- {remark(release.citation)}"
    yield f"-- Run it in this folder: duckdb {release.name}.duckdb < {release.name}.duckdb.sql"
    yield "BEGIN TRANSACTION;"
    tables = [_Table(named, _parquet(release, named)) for named in named_tables(release, Names())]
    refers = {table.named.name: table.references(tables) for table in tables}
    types = Names()
    declared = set[str]()
    for table in _in_order(tables, refers):
        yield ""
        yield from table.statements(refers[table.named.name], declared, types)
        declared.add(table.named.name)
    yield "\nCOMMIT;"


def _parquet(release: Release, named: NamedTable) -> str:
    """Return the path of a table's Parquet file, as DuckDB takes it for that one file."""
    (path,) = (file.path for file in release.files_of(named.table.name) if file.format == "parquet")
    return path.translate(_GLOB)


class _Table:
    """The statements for one table."""

    def __init__(self, named: NamedTable, parquet: str) -> None:
        self.named, self.parquet = named, parquet
        self.types = {field.name: _type(field, self._values(field)) for field in named.fields}

    def _values(self, field: Field) -> pl.Series:
        return self.named.table.frame.get_column(field.name)

    def can_be_key(self, fields: tuple[str, ...]) -> bool:
        """Return whether DuckDB can index these fields: those of nested types it cannot."""
        return not any(
            self.types[field] in {"JSON", "INTERVAL"} or self.types[field].endswith(("]", ")")) for field in fields
        )

    def references(self, tables: "list[_Table]") -> list[Reference]:
        """Return the foreign keys that DuckDB can express."""
        by_name = {table.named.name: table for table in tables}
        return [
            found
            for found in references(self.named, [table.named for table in tables])
            if by_name[found.parent.name].can_be_key(found.parent_fields)
            and [self.types[name] for name in found.fields]
            == [by_name[found.parent.name].types[name] for name in found.parent_fields]
        ]

    def statements(self, refers: list[Reference], declared: set[str], names: Names) -> Iterator[str]:
        """Yield the statements; references to tables that are not declared yet become remarks."""
        types = dict(self.types)
        for field in self.named.fields:
            if types[field.name] == "ENUM":
                types[field.name] = quote(names.take(f"{self.named.name}.{field.name}"))
                values = ", ".join(map(_text, self._values(field).dtype.categories.to_list()))  # type: ignore[attr-defined]
                yield f"CREATE TYPE {types[field.name]} AS ENUM ({values});"
        yield from (
            f"-- not declared, for rows are loaded one after the other: {remark(r.sql)}"
            for r in refers
            if r.parent.name not in declared
        )
        lines = [*self._columns(types), *self._keys(), *(r.sql for r in refers if r.parent.name in declared)]
        yield f"CREATE TABLE {quote(self.named.name)} (\n  " + ",\n  ".join(lines) + "\n);"
        yield self._load()
        yield from self._comments()

    def _columns(self, types: Mapping[str, str]) -> Iterator[str]:
        for number, field in enumerate(self.named.fields):
            name = quote(self.named.columns[field.name])
            required = field.required or field.name in self.named.primary_key
            checks = [check for found in constraints_of(field, number) for check in _checks(field, found, name, types)]
            conditions = "".join(f" CHECK ({check})" for check in checks)
            yield f"{name} {types[field.name]}{' NOT NULL' if required else ''}{conditions}"

    def _keys(self) -> Iterator[str]:
        for kind, key in (
            ("PRIMARY KEY", self.named.primary_key),
            *(("UNIQUE", key) for key in self.named.unique_keys),
        ):
            if key and self.can_be_key(key):
                yield f"{kind} ({self.named.names_of(key)})"

    def _load(self) -> str:
        """Return the statement that loads the rows, columns by their places: names may differ in case only."""
        places = [f"c{number}" for number in range(len(self.named.fields))]
        found = [
            f"to_months({place}.months::INTEGER) + to_microseconds({place}.microseconds)"
            if self.types[field.name] == "INTERVAL"
            else place
            for place, field in zip(places, self.named.fields, strict=True)
        ]
        source = f"read_parquet({literal(self.parquet)}) AS stored({', '.join(places)})"
        return f"INSERT INTO {quote(self.named.name)} SELECT {', '.join(found)} FROM {source};"  # noqa: S608

    def _comments(self) -> Iterator[str]:
        table = self.named.table
        derived = f"computed by {table.view}" if table.view else ""
        about = described(
            str(table.descriptor.get("title") or ""), " ".join(filter(None, [table.description, derived]))
        )
        if about:
            yield f"COMMENT ON TABLE {quote(self.named.name)} IS {literal(about)};"
        for field in self.named.fields:
            if about := described(str(field.descriptor.get("title", "")), field.description):
                column = f"{quote(self.named.name)}.{quote(self.named.columns[field.name])}"
                yield f"COMMENT ON COLUMN {column} IS {literal(about)};"


def _in_order(tables: list[_Table], refers: Mapping[str, list[Reference]]) -> Iterator[_Table]:
    """Yield the tables, each after those it refers to; where they refer to each other, by name."""
    waiting = {table.named.name: table for table in tables}
    while waiting:
        free = [n for n in waiting if not {r.parent.name for r in refers[n]} & (waiting.keys() - {n})] or [*waiting][:1]
        for name in free:
            yield waiting.pop(name)


def _type(field: Field, values: pl.Series) -> str:
    """Return the type of a column; ``ENUM`` stands for one of its own."""
    dtype = values.dtype
    if isinstance(dtype, pl.Enum):
        return "ENUM" if all(value.isprintable() for value in dtype.categories) else "VARCHAR"  # it has no escapes
    if field.type in _JSON:
        return "VARCHAR" if _has_half_characters(values) else "JSON"
    if field.type == "duration":
        far = values.struct.field("months").abs().max()
        return (
            "INTERVAL" if far is None or int(str(far)) <= _MOST_MONTHS else "STRUCT(months BIGINT, microseconds BIGINT)"
        )
    return _plain(dtype)


def _plain(dtype: pl.DataType) -> str:
    if isinstance(dtype, pl.List):
        return f"{_plain(dtype.inner)}[]"  # type: ignore[arg-type]
    if isinstance(dtype, pl.Struct):
        return f"STRUCT({', '.join(f'{quote(part.name)} {_plain(part.dtype)}' for part in dtype.fields)})"  # type: ignore[arg-type]
    if isinstance(dtype, pl.Datetime):
        return "TIMESTAMPTZ" if dtype.time_zone else "TIMESTAMP"
    return _PLAIN.get(str(dtype), "VARCHAR")


def _checks(field: Field, found: Constraint, name: str, types: Mapping[str, str]) -> Iterator[str]:
    """Yield what a constraint says, if DuckDB can: not patterns, JSON Schemas, or values of nested types."""
    if found.name in _COMPARED and field.type != "duration":
        yield f"{name} {_COMPARED[found.name]} {_literal(found.value)}"
    elif found.name in {"enum", "categories"} and found.scalar and types[field.name] in {*_PLAIN.values()}:
        if len(found.value) <= _MOST_VALUES and not any("\0" in v for v in found.value if isinstance(v, str)):
            yield f"{name} IN ({', '.join(map(_literal, found.value))})"
    elif found.name in {"minLength", "maxLength"} and field.type != "object":
        length = {"list": "len", "array": "json_array_length"}.get(field.type, "length")
        text = f"{name}::VARCHAR" if length == "length" else name
        yield f"{length}({text}) {_COMPARED[f'{found.name[:3]}imum']} {int(found.value)}"


def _literal(value: Any) -> str:
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, datetime):
        text = value.isoformat(sep=" ")
        return f"TIMESTAMPTZ '{text}'" if value.tzinfo else f"TIMESTAMP '{text}'"
    if isinstance(value, date | time):
        return f"{type(value).__name__.upper()} '{value.isoformat()}'"
    if isinstance(value, float) and not math.isfinite(value):
        return f"'{value}'::DOUBLE"
    return str(value).upper() if isinstance(value, bool) else repr(value)


def _text(value: str) -> str:
    r"""Return a text as a literal in one line, whatever it holds.

    Examples:
        >>> _text("it's"), _text("a\nb")
        ("'it''s'", "E'a\\x0ab'")
    """
    if value.isprintable():
        return literal(value)
    return "E" + literal("".join(c if c.isprintable() and c != "\\" else _bytes(c) for c in value))


def _bytes(char: str) -> str:
    return "".join(f"\\x{byte:02x}" for byte in char.encode())


def _has_half_characters(values: pl.Series) -> bool:
    """Return whether a JSON text speaks of half a character, which Python takes and DuckDB does not."""
    import json

    for text in values.filter(values.str.contains(r"\\u[dD]")).to_list():
        try:
            json.dumps(json.loads(text), ensure_ascii=False).encode()
        except ValueError:
            return True
    return False
