"""The package's own metadata as tables, so that SQL rules can speak of it: ``package_info`` and its sisters."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

import polars as pl

from shuttle_diplomacy.errors import ConfigurationError
from shuttle_diplomacy.package import Package, Resource
from shuttle_diplomacy.tabular.views import Relations, View

# Marks the resources of a release that are computed: the path of their view.
DERIVED = "shuttle:view"
_FIELDS = {
    "table_name": pl.String,
    "field": pl.String,
    "title": pl.String,
    "position": pl.Int64,
    "type": pl.String,
    "required": pl.Boolean,
    "enumerated": pl.Boolean,
    "row_count": pl.Int64,
    "filled": pl.Int64,
}
_VALUES = {"table_name": pl.String, "field": pl.String, "value": pl.String, "position": pl.Int64}
_TABLES = {"table_name": pl.String, "title": pl.String, "row_count": pl.Int64}
_FLOORS = {"table_name": pl.String, "measure": pl.String, "field": pl.String, "floor": pl.Float64}
_RECORDS = {"table_name": pl.String, "record_id": pl.String}
_TEXTS = {**_RECORDS, "field": pl.String, "value": pl.String, "is_nfc": pl.Boolean}


def relations(package: Package, frames: Mapping[str, pl.DataFrame], views: list[View]) -> Relations:
    """Return tables, views and metadata of a package, ready for queries.

    The metadata tables: ``package_info`` (one row: name, title, version, and the Date columns starts_on and
    checked_through of the package's coverage), ``package_tables`` (each table), ``package_fields`` (each field with
    its type and how many of its cells are filled), ``package_values`` (each value of each enumeration),
    ``package_floors`` (lower bounds: measure ``rows`` of row counts, ``filled`` of fill rates), ``package_records``
    (each row's table and key) and ``package_texts`` (each text cell of a field that is not enumerated, and whether it
    is in Unicode's form NFC).

    Args:
        package: the package.
        frames: typed frames of its tables, enumerated texts being String; each is taken when it is first needed.
        views: its views; one that a release holds as a table already is not computed again.
    """
    found = Relations({}, [view for view in views if view.name not in frames])
    for name in frames:
        found.add(name, lambda name=name: frames[name])  # type: ignore[misc]
    tables = [r for r in package.resources if r.name in frames and DERIVED not in r.descriptor]
    found.add("package_info", lambda: _info(package))
    found.add("package_tables", lambda: pl.DataFrame(list(_tables(tables, frames)), schema=_TABLES, orient="row"))
    found.add("package_fields", lambda: pl.DataFrame(list(_fields(tables, frames)), schema=_FIELDS, orient="row"))
    found.add("package_values", lambda: pl.DataFrame(list(_values(tables)), schema=_VALUES, orient="row"))
    found.add("package_floors", lambda: pl.DataFrame(list(_floors(package, tables)), schema=_FLOORS, orient="row"))
    found.add("package_records", lambda: _concat([_records(r, frames[r.name]) for r in tables], _RECORDS))
    found.add("package_texts", lambda: _concat([_texts(r, frames[r.name]) for r in tables], _TEXTS))
    return found


def record_id(resource: Resource) -> pl.Expr:
    """Return the expression of a row's id: its primary key, parts joined by ``/``."""
    key = resource.schema.primary_key
    parts = [pl.col(name).cast(pl.String).fill_null("") for name in key]
    return pl.concat_str(parts, separator="/").alias("record_id") if parts else pl.lit("").alias("record_id")


def _info(package: Package) -> pl.DataFrame:
    described = package.descriptor
    declared = described.get("shuttle:coverage")
    coverage = declared if isinstance(declared, dict) else {}
    texts = {name: _text(described.get(name)) for name in ("name", "title", "version")}
    days = {name: _day(coverage.get(name)) for name in ("starts_on", "checked_through")}
    schema = {**dict.fromkeys(texts, pl.String), **dict.fromkeys(days, pl.Date)}
    return pl.DataFrame({name: [value] for name, value in (texts | days).items()}, schema=schema)


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _day(value: object) -> date | None:
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        return None


def _tables(tables: list[Resource], frames: Mapping[str, pl.DataFrame]) -> Iterator[tuple[object, ...]]:
    for resource in tables:
        yield resource.name, _text(resource.descriptor.get("title")), frames[resource.name].height


def _fields(tables: list[Resource], frames: Mapping[str, pl.DataFrame]) -> Iterator[tuple[object, ...]]:
    for resource in tables:
        frame = frames[resource.name]
        for position, field in enumerate(resource.schema.fields, 1):
            filled = frame.height - frame[field.name].null_count()
            declared = (field.type, field.required, bool(field.values))
            yield (resource.name, field.name, field.title, position, *declared, frame.height, filled)


def _values(tables: list[Resource]) -> Iterator[tuple[object, ...]]:
    for resource in tables:
        for field in resource.schema.fields:
            for position, value in enumerate(field.values, 1):
                yield resource.name, field.name, str(value), position


def _floors(package: Package, tables: list[Resource]) -> Iterator[tuple[object, ...]]:
    """Yield the declared floors: ``{"table": {"rows": 100, "fields": {"name": 0.9}}}``.

    ``fields`` are floors of fill rates; any other name is a measure that the package's own rules know.

    Raises:
        ConfigurationError: a floor names a table or field that is not there, or is no number.
    """
    known = {resource.name: resource.schema.names for resource in tables}
    for table, floors in _object(package, "shuttle:floors", package.descriptor.get("shuttle:floors", {})).items():
        if table not in known:
            raise ConfigurationError(f"{package.where}: a floor names the unknown table {table!r}")
        for measure, floor in _object(package, table, floors).items():
            if measure != "fields":
                yield table, measure, None, _number(package, table, floor)
                continue
            for field, share in _object(package, table, floor).items():
                if field not in known[table]:
                    raise ConfigurationError(f"{package.where}: a floor of {table!r} names the unknown field {field!r}")
                yield table, "filled", field, _number(package, table, share)


def _object(package: Package, where: str, value: Any) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise ConfigurationError(f"{package.where}: the floors of {where!r} have to be an object")
    return value


def _number(package: Package, where: str, value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ConfigurationError(f"{package.where}: a floor of {where!r} is {value!r}, but has to be a number")
    return float(value)


def _records(resource: Resource, frame: pl.DataFrame) -> pl.DataFrame:
    return frame.select(pl.lit(resource.name).alias("table_name"), record_id(resource))


def _texts(resource: Resource, frame: pl.DataFrame) -> pl.DataFrame:
    names = [f.name for f in resource.schema.fields if f.type == "string" and not f.values]
    long = frame.select(
        pl.lit(resource.name).alias("table_name"), record_id(resource), *(pl.col(n).alias(f"t:{n}") for n in names)
    ).unpivot(index=["table_name", "record_id"], variable_name="field", value_name="value")
    texts = long.drop_nulls("value").with_columns(
        pl.col("field").str.strip_prefix("t:"), pl.col("value").cast(pl.String)
    )
    return texts.with_columns(is_nfc=pl.col("value").str.normalize("NFC") == pl.col("value"))


def _concat(frames: list[pl.DataFrame], schema: Mapping[str, type[pl.DataType]]) -> pl.DataFrame:
    empty = pl.DataFrame(schema=dict(schema))
    return pl.concat([empty, *(f.select(empty.columns) for f in frames)])
