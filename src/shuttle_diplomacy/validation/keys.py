"""Keys: primary keys, unique fields and keys, foreign keys. Nulls count as SQL counts them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from shuttle_diplomacy.errors import MOST_HINTS, did_you_mean
from shuttle_diplomacy.package import Finding, ForeignKey, Resource

_MANY = 5000  # above this, no nearest key is looked for


@dataclass(frozen=True)
class TableData:
    """A whole table as it was read.

    Attributes:
        frame: typed rows, enumerated texts as String.
        row_numbers: the row number of each row.
    """

    frame: pl.DataFrame
    row_numbers: pl.Series


def check_keys(resource: Resource, data: TableData) -> Iterator[Finding]:
    """Yield rows that break the primary key, a unique field or a unique key."""
    schema = resource.schema
    if schema.primary_key:
        yield from _null_parts(resource, data, schema.primary_key)
        yield from _duplicates(resource, data, schema.primary_key, "primary-key")
    for field in schema.fields:
        if field.constraints.get("unique") and (field.name,) != schema.primary_key:
            yield from _duplicates(resource, data, (field.name,), "unique-error")
    for key in schema.unique_keys:
        yield from _duplicates(resource, data, key, "unique-key")


def _null_parts(resource: Resource, data: TableData, key: Sequence[str]) -> Iterator[Finding]:
    for name in key:
        if resource.schema.field(name).required:
            continue  # reported as a constraint
        for row in data.frame[name].is_null().arg_true():
            note = f"{name!r} is part of the primary key and must not be empty"
            yield _finding("primary-key", note, resource, data, row, name)


def _duplicates(resource: Resource, data: TableData, key: Sequence[str], kind: str) -> Iterator[Finding]:
    """Yield each row whose key stood in an earlier row; rows with a null in the key are left out."""
    names = [f"k{i}" for i in range(len(key))]
    named = (pl.col(field).alias(name) for field, name in zip(key, names, strict=True))
    rows = data.frame.select(named).with_row_index("row").drop_nulls(names)
    if rows.select(names).hash_rows().n_unique() == rows.height:
        return
    first = pl.col("row").min().over(names).alias("first")
    for row, *values, standing in rows.with_columns(first).filter(pl.col("row") > pl.col("first")).iter_rows():
        shown = ", ".join(repr(str(value)) for value in values)
        earlier = data.row_numbers[standing]
        note = f"{' + '.join(key)} {shown} stands in row {earlier} already, but has to be unique"
        yield _finding(kind, note, resource, data, row, key[0])


def check_foreign_keys(resource: Resource, tables: Mapping[str, TableData]) -> Iterator[Finding]:
    """Yield rows that refer to what is not there.

    A reference to a table that could not be read is left out: that error is reported already.
    """
    for key in resource.schema.foreign_keys:
        target = tables.get(key.resource or resource.name)
        if target is not None:
            yield from _dangling(resource, tables[resource.name], key, target)


def _dangling(resource: Resource, data: TableData, key: ForeignKey, target: TableData) -> Iterator[Finding]:
    names = [f"k{i}" for i in range(len(key.fields))]
    child = data.frame.select(pl.col(f).alias(n) for f, n in zip(key.fields, names, strict=True))
    parent = target.frame.select(pl.col(f).alias(n) for f, n in zip(key.reference_fields, names, strict=True))
    if child.dtypes != parent.dtypes:
        child, parent = _as_texts(child), _as_texts(parent)
    missing = child.with_row_index("row").drop_nulls(names).join(parent, on=names, how="anti").sort("row")
    if missing.is_empty():
        return
    known = [] if parent.height > _MANY else ["/".join(map(str, values)) for values in parent.unique().iter_rows()]
    where = f"{key.resource or resource.name}.{'+'.join(key.reference_fields)}"
    for number, (row, *values) in enumerate(missing.iter_rows()):
        shown = "/".join(map(str, values))
        near = did_you_mean(shown, known) if number < MOST_HINTS else ""
        note = f"{shown!r} is not in {where};{near} Add the row there or correct the value"
        yield _finding("foreign-key", note, resource, data, row, key.fields[0])


def _as_texts(frame: pl.DataFrame) -> pl.DataFrame:
    """Return keys of different types so that they can be compared: whole numbers are spelt alike in each."""
    return frame.select(
        pl.col(name).cast(pl.List(pl.String)).list.join(",")
        if isinstance(dtype, pl.List)
        else pl.col(name).cast(pl.String).str.strip_suffix(".0")
        if dtype == pl.Float64
        else pl.col(name).cast(pl.String)
        for name, dtype in frame.schema.items()
    )


def _finding(kind: str, note: str, resource: Resource, data: TableData, row: int, field: str) -> Finding:
    return Finding(
        kind,
        note,
        resource=resource.name,
        path=resource.path,
        row_number=data.row_numbers[row],
        field_name=field,
        field_number=resource.schema.names.index(field) + 1,
    )
