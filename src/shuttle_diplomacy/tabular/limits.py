"""Values in constraints and categories, read by the field's own rules, and which constraints fit which type."""

import json
from typing import Any

import polars as pl

from shuttle_diplomacy.package import Field
from shuttle_diplomacy.tabular.native import lexical
from shuttle_diplomacy.tabular.types.reading import FieldError, Reading
from shuttle_diplomacy.tabular.types.structured import parse_json

BOUNDS = ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum")
LENGTHS = ("minLength", "maxLength")
_LONGEST = 2**32 - 1  # no text is longer, and polars compares with no larger number
_ORDERED = {"integer", "number", "date", "time", "datetime", "duration", "year", "yearmonth"}
_SIZED = {"string", "any", "array", "object", "list"}
_JSON = {"object": dict, "array": list, "geojson": dict}
FITTING = {
    **dict.fromkeys(BOUNDS, _ORDERED),
    **dict.fromkeys(LENGTHS, _SIZED),
    "pattern": {"string", "any"},
    "jsonSchema": {"object", "array"},
}


def check_fit(field: Field, name: str) -> None:
    """Refuse a constraint that the standard does not have for the field's type.

    Raises:
        FieldError: it does not fit.
    """
    if name in FITTING and field.type not in FITTING[name]:
        raise FieldError(field, f"{name!r} does not fit the type {field.type}", f"constraints/{name}")


def length(field: Field, name: str) -> int:
    """Return a bound of a length.

    Raises:
        FieldError: it is no whole number from 0.
    """
    value = field.constraints[name]
    whole = value.is_integer() if isinstance(value, float) else isinstance(value, int) and not isinstance(value, bool)
    if not whole or value < 0:
        raise FieldError(field, f"{name} {value!r} is no whole number from 0", f"constraints/{name}")
    return min(int(value), _LONGEST)


def typed(field: Field, reading: Reading, value: Any, name: str, place: str) -> Any:
    """Return a value from a descriptor in the field's type, as polars takes it for a literal.

    Args:
        field: the field.
        reading: how its cells are read, from a column ``0``.
        value: a JSON value of the type, or a text as a cell might hold it.
        name: the property, for messages.
        place: where the value stands, as the end of a JSON pointer.

    Raises:
        FieldError: the value is not of the field's type.
    """
    if not isinstance(value, str):
        found = _converted(field, value)
        exact = isinstance(reading.dtype, pl.Decimal)
        if found is not None and field.type not in {"integer", "year"} and not exact:
            return found
        # Numbers in the descriptor have the same limits as those in cells.
        value_text = None if found is None else lexical(field, "number", str(value)) if exact else str(found)
    else:
        value_text = value
    if value_text is not None:
        frame = pl.DataFrame({"0": [value_text]}, schema={"0": pl.String}).select(reading.value.alias("value"))
        if not frame["value"].null_count():
            found = frame["value"].to_list()[0]
            return canonical(parse_json(found)) if field.type in _JSON else found
    reason = f"{name} {value!r} is not of type {field.type}: expected {reading.expected}"
    raise FieldError(field, reason, place)


def canonical(value: Any) -> str:
    """Return one text for all JSON values that are equal.

    Examples:
        >>> canonical({"b": 1.0, "a": [True]}) == canonical({"a": [True], "b": 1})
        True
    """
    return json.dumps(_plain(value), sort_keys=True)


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _converted(field: Field, value: Any) -> Any:
    """Return a JSON value that is no text in the field's type; None: it is not of that type."""
    if field.type in _JSON:
        return canonical(value) if isinstance(value, _JSON[field.type]) else None
    if field.type == "list" and isinstance(value, list):
        return _items(field, value)
    if field.type == "geopoint" and isinstance(value, list | dict):
        return _point(field, value)
    if field.type == "boolean":
        return value if isinstance(value, bool) else None
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    if field.type == "number":
        return _float(value)
    if field.type in {"integer", "year"} and value == value // 1:
        return int(value)
    return None


def _float(value: float) -> float | None:
    try:
        return float(value)
    except OverflowError:
        return None


def _items(field: Field, values: list[Any]) -> list[Any] | None:
    from shuttle_diplomacy.tabular.types import reading_of

    item = Field({"name": field.name, "type": field.descriptor.get("itemType", "string")})
    reading = reading_of(item, "0")
    try:
        return [typed(item, reading, value, "", "") for value in values]
    except FieldError:
        return None


def _point(field: Field, value: Any) -> Any:
    from shuttle_diplomacy.tabular.types import reading_of

    form = "array" if isinstance(value, list) else "object"
    if field.format not in {form, "default"}:
        return None
    reading = reading_of(Field({**field.descriptor, "format": form}), "0")
    return pl.DataFrame({"0": [json.dumps(value)]}).select(reading.value).to_series().to_list()[0]
