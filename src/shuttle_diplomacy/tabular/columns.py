"""Compiling a Table Schema into a pandera schema: the column checks of validation, and for users' own pipelines.

pandera gets what it is good at: values and nullability of scalar columns. Keys, ``unique`` and lists are checked
elsewhere (:mod:`shuttle_diplomacy.validation.keys`).
"""

from collections.abc import Iterator
from typing import Any

import pandera.polars as pa
import polars as pl

from shuttle_diplomacy.errors import ConfigurationError, UnsupportedError
from shuttle_diplomacy.package import Field, Schema
from shuttle_diplomacy.tabular.patterns import xsd_to_rust
from shuttle_diplomacy.tabular.types import reading_of

_COMPARISONS = {
    "minimum": pa.Check.ge,
    "maximum": pa.Check.le,
    "exclusiveMinimum": pa.Check.gt,
    "exclusiveMaximum": pa.Check.lt,
}
_OF_VALUES = {*_COMPARISONS, "enum", "minLength", "maxLength", "pattern"}
_PYTHON: dict[str, type | tuple[type, ...]] = {
    "string": str,
    "any": str,
    "integer": (int, float),
    "number": (int, float),
    "boolean": bool,
    "date": str,
}
_TEXTUAL = {"string", "any"}
_COMPARABLE = {"integer", "number", "date"}


def compile_schema(schema: Schema, *, enums: bool = False, constrained_only: bool = False) -> pa.DataFrameSchema:
    """Return a pandera schema with every value constraint of a Table Schema.

    Args:
        schema: the Table Schema.
        enums: whether enumerated texts are Enum (as ``load`` returns them) rather than String.
        constrained_only: leave out columns without any constraint, for a frame whose types are known to be right.

    Raises:
        ConfigurationError: a constraint does not fit its field (a bound that does not parse, a broken pattern).
        UnsupportedError: a constraint on a list, other than ``required`` and ``unique``.
    """
    columns = {field.name: _column(field, enums) for field in schema.fields}
    if constrained_only:
        columns = {name: column for name, column in columns.items() if column.checks or not column.nullable}
    return pa.DataFrameSchema(columns, strict=not constrained_only)


def _column(field: Field, enums: bool) -> pa.Column:
    dtype: Any = reading_of(field).dtype
    as_enum = enums and bool(field.values) and dtype == pl.String
    if as_enum:
        dtype = pl.Enum([str(v) for v in field.values])
    if field.type == "list" and (unread := next((c for c in field.constraints if c in _OF_VALUES), None)):
        raise UnsupportedError(f"field {field.name!r}: the constraint {unread!r} of a list is not read so far")
    checks = [] if as_enum else list(_checks(field))
    return pa.Column(dtype, checks=checks, nullable=not field.required)


def _checks(field: Field) -> Iterator[pa.Check]:
    if field.values:
        yield pa.Check.isin([_value(field, v, "enum") for v in field.values], name="enum")
    for name, check in _COMPARISONS.items():
        if name in field.constraints:
            if field.type not in _COMPARABLE:
                raise ConfigurationError(f"field {field.name!r}: {name!r} does not fit the type {field.type}")
            yield check(_value(field, field.constraints[name], name), name=name)
    textual = next((c for c in ("minLength", "maxLength", "pattern") if c in field.constraints), None)
    if textual and field.type not in _TEXTUAL:
        raise ConfigurationError(f"field {field.name!r}: {textual!r} does not fit the type {field.type}")
    for name, operation in (("minLength", "ge"), ("maxLength", "le")):
        if name in field.constraints:
            yield pa.Check(_length_check(operation, int(field.constraints[name])), name=name)
    if "pattern" in field.constraints:
        yield pa.Check(_pattern_check(field), name="pattern")


def _length_check(operation: str, bound: int) -> Any:
    def holds(data: Any) -> pl.LazyFrame:
        frame: pl.LazyFrame = data.lazyframe
        length = pl.col(data.key).str.len_chars()
        return frame.select(length >= bound if operation == "ge" else length <= bound)

    return holds


def _pattern_check(field: Field) -> Any:
    pattern = xsd_to_rust(str(field.constraints["pattern"]), field.name)

    def holds(data: Any) -> pl.LazyFrame:
        frame: pl.LazyFrame = data.lazyframe
        return frame.select(pl.col(data.key).str.contains(pattern))

    return holds


def _value(field: Field, value: Any, constraint: str) -> Any:
    """Return a constraint's value in the field's type; a text is read by the field's own lexical rules."""
    if field.type in _TEXTUAL or not isinstance(value, str):
        if not isinstance(value, _PYTHON[field.type]) or (isinstance(value, bool) and field.type != "boolean"):
            raise ConfigurationError(f"field {field.name!r}: {constraint} {value!r} is not of type {field.type}")
        return value
    reading = reading_of(field)
    frame = pl.DataFrame({field.name: [value]}).select(reading.value.alias("value"))
    if frame.item() is None:
        raise ConfigurationError(
            f"field {field.name!r}: {constraint} {value!r} is not of type {field.type}: expected {reading.expected}"
        )
    return frame.item()
