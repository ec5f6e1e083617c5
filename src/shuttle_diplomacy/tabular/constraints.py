"""Each constraint of a field as a polars expression that is true where it holds."""

import operator
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import reduce
from typing import Any

import polars as pl

from shuttle_diplomacy.errors import ConfigurationError
from shuttle_diplomacy.package import Field, Finding, Schema
from shuttle_diplomacy.tabular.json_schemas import JsonSchema
from shuttle_diplomacy.tabular.limits import BOUNDS, LENGTHS, canonical, check_fit, length, typed
from shuttle_diplomacy.tabular.patterns import xsd_to_rust
from shuttle_diplomacy.tabular.types import reading_of
from shuttle_diplomacy.tabular.types.durations import ends
from shuttle_diplomacy.tabular.types.reading import FieldError, Reading
from shuttle_diplomacy.tabular.types.structured import parse_json

COMPARISONS: dict[str, Callable[[Any, Any], Any]] = {
    "minimum": operator.ge,
    "maximum": operator.le,
    "exclusiveMinimum": operator.gt,
    "exclusiveMaximum": operator.lt,
}
_CATEGORICAL = {"string", "integer", "any"}
_STRUCTURED = {"object", "array", "geojson"}
_OWN = {*_STRUCTURED, "list", "geopoint", "duration"}


@dataclass(frozen=True)
class Constraint:
    """One constraint of one field.

    Attributes:
        field_index: position of the field in its schema, from 0.
        name: the property that declares it: ``minimum``, ``enum``, ``categories``...
        holds: given a column's name, the expression that is true where the constraint holds and null at null.
        value: what is declared, in the field's type (a list of values for ``enum`` and ``categories``).
        scalar: whether pandera can check it; structs, lists and JSON texts it cannot.
        json_schema: the schema behind ``jsonSchema``.
    """

    field_index: int
    name: str
    holds: Callable[[str], pl.Expr]
    value: Any
    scalar: bool
    json_schema: JsonSchema | None = None


def constraints_of(field: Field, index: int) -> list[Constraint]:
    """Return the constraints of a field; ``required`` and ``unique`` are not among them.

    Raises:
        FieldError: a constraint does not fit its field (a bound that does not parse, a broken pattern).

    Examples:
        >>> [year] = constraints_of(Field({"name": "y", "type": "year", "constraints": {"minimum": "1965"}}), 0)
        >>> year.value, pl.DataFrame({"y": [1964, 1998]}).select(year.holds("y"))["y"].to_list()
        (1965, [False, True])
    """
    return list(_constraints(field, index, reading_of(field, "0")))


def check_constraints(schema: Schema) -> list[Finding]:
    """Return what in a schema's fields cannot be followed: types, formats, bounds, patterns, values.

    Their pointers are relative to the schema.
    """
    return [
        Finding(
            "field-error",
            error.reason,
            field_name=field.name,
            field_number=index + 1,
            pointer="/".join(["/fields", str(index), *filter(None, [error.place])]),
        )
        for index, field in enumerate(schema.fields)
        for error in _errors(field, index)
    ]


def _errors(field: Field, index: int) -> Iterator[FieldError]:
    try:
        reading = reading_of(field, "0")
    except FieldError as error:
        yield error
        return
    declared = field.descriptor.get("constraints", {})
    if not isinstance(declared, dict):
        yield FieldError(field, f"'constraints' is {declared!r}, not an object", "constraints")
        return
    for name in ("required", "unique"):
        if not isinstance(declared.get(name, False), bool):
            yield FieldError(field, f"{name} {declared[name]!r} is not true or false", f"constraints/{name}")
    broken = list(_failed(_with(field, categories=True), index, reading))
    yield from broken
    for name in declared:
        # One at a time, so that one that is broken does not hide the next.
        yield from _failed(_with(field, name, categories=name == "enum" and not broken), index, reading)


def _with(field: Field, *names: str, categories: bool) -> Field:
    """Return the field with some of its constraints only."""
    kept = {key: value for key, value in field.descriptor.items() if key != "categories" or categories}
    return Field({**kept, "constraints": {name: field.constraints[name] for name in names}})


def _failed(field: Field, index: int, reading: Reading) -> Iterator[FieldError]:
    try:
        list(_constraints(field, index, reading))
    except FieldError as error:
        yield error


def _constraints(field: Field, index: int, reading: Reading) -> Iterator[Constraint]:
    declared, scalar = field.constraints, field.type not in _OWN
    for name in declared:
        check_fit(field, name)
    yield from _values(field, index, reading)
    for name in BOUNDS:
        if name in declared:
            bound = typed(field, reading, declared[name], name, f"constraints/{name}")
            yield Constraint(index, name, _comparison(field, reading, name, bound), bound, scalar)
    for name in LENGTHS:
        if name in declared:
            number = length(field, name)
            yield Constraint(index, name, _length(field, COMPARISONS[f"{name[:3]}imum"], number), number, scalar)
    if "pattern" in declared:
        yield Constraint(index, "pattern", _pattern(field), declared["pattern"], scalar)
    if "jsonSchema" in declared:
        schema = JsonSchema(field)
        yield Constraint(index, "jsonSchema", _judged(schema.holds), declared["jsonSchema"], scalar, schema)


def _values(field: Field, index: int, reading: Reading) -> Iterator[Constraint]:
    """Yield the constraint of ``enum`` or ``categories``; where there are both, ``enum`` is the narrower."""
    categories = _categories(field, reading)
    if "enum" in field.constraints:
        declared = field.constraints["enum"]
        if not isinstance(declared, list) or not declared:
            raise FieldError(field, f"enum {declared!r} is not a list of at least one value", "constraints/enum")
        places = [f"constraints/enum/{number}" for number in range(len(declared))]
        values = [typed(field, reading, v, "enum", place) for v, place in zip(declared, places, strict=True)]
        for value, place in zip(values, places, strict=True):
            if categories is not None and value not in categories:
                raise FieldError(field, f"enum {value!r} is not among the categories", place)
        yield Constraint(index, "enum", _membership(field, reading, values), values, field.type not in _OWN)
    elif categories is not None:
        yield Constraint(index, "categories", _membership(field, reading, categories), categories, scalar=True)


def _categories(field: Field, reading: Reading) -> list[Any] | None:
    declared = field.descriptor.get("categories")
    if declared is None:
        return None
    if field.type not in _CATEGORICAL:
        raise FieldError(field, f"'categories' does not fit the type {field.type}", "categories")
    if not isinstance(declared, list) or any(isinstance(item, dict) and "value" not in item for item in declared):
        raise FieldError(field, "'categories' is not a list of values, or of objects with a value", "categories")
    items = [item["value"] if isinstance(item, dict) else item for item in declared]
    values = [typed(field, reading, v, "categories", f"categories/{i}") for i, v in enumerate(items)]
    if twice := [value for number, value in enumerate(values) if value in values[:number]]:
        raise FieldError(field, f"categories has {twice[0]!r} twice", "categories")
    return values


def _comparison(field: Field, reading: Reading, name: str, bound: Any) -> Callable[[str], pl.Expr]:
    compare = COMPARISONS[name]
    if field.type == "duration":
        far = pl.DataFrame({"0": [bound]}, schema={"0": reading.dtype}).select(
            end.alias(str(number)) for number, end in enumerate(ends(pl.col("0")))
        )
        limits = [pl.lit(end, dtype=pl.Int128) for end in far.row(0)]
        return lambda column: reduce(
            operator.and_,
            (compare(end, limit) for end, limit in zip(ends(pl.col(column)), limits, strict=True)),
        )
    limit = pl.lit(bound, dtype=reading.dtype)
    if reading.dtype.is_float():  # polars takes NaN for the largest number; it is neither large nor small
        return lambda column: compare(pl.col(column), limit) & pl.col(column).is_not_nan()
    return lambda column: compare(pl.col(column), limit)


def _length(field: Field, compare: Callable[[Any, Any], Any], bound: int) -> Callable[[str], pl.Expr]:
    if field.type in _STRUCTURED:
        return _judged(lambda value: bool(compare(len(value), bound)))
    if field.type == "list":
        return lambda column: compare(pl.col(column).list.len(), bound)
    return lambda column: compare(pl.col(column).str.len_chars(), bound)


def _pattern(field: Field) -> Callable[[str], pl.Expr]:
    declared = field.constraints["pattern"]
    if not isinstance(declared, str):
        raise FieldError(field, f"pattern {declared!r} is not a text", "constraints/pattern")
    try:
        pattern = xsd_to_rust(declared, field.name)
    except ConfigurationError as error:
        message = str(error).removeprefix(f"field {field.name!r}: ")
        raise FieldError(field, message, "constraints/pattern") from error
    return lambda column: pl.col(column).str.contains(pattern)


def _membership(field: Field, reading: Reading, values: list[Any]) -> Callable[[str], pl.Expr]:
    if field.type in _STRUCTURED:
        return _judged(lambda value: canonical(value) in values)
    if field.type in _OWN:
        allowed = pl.Series(values, dtype=reading.dtype)
        return lambda column: pl.any_horizontal(
            pl.col(column) == pl.lit(allowed.slice(number, 1)).first() for number in range(len(allowed))
        )
    allowed = pl.Series(values, dtype=reading.dtype).implode()
    return lambda column: pl.col(column).is_in(allowed)


def _judged(judge: Callable[[Any], bool]) -> Callable[[str], pl.Expr]:
    """Return the expression that judges JSON values, each text once."""

    def judged(texts: pl.Series) -> pl.Series:
        once = texts.unique().drop_nulls()
        broken = [text for text in once.to_list() if not judge(parse_json(text))]
        return ~texts.is_in(pl.Series(broken, dtype=pl.String).implode())

    return lambda column: pl.col(column).map_batches(judged, return_dtype=pl.Boolean(), is_elementwise=True)
