"""Lexical rules of the field types, as polars expressions: one reader function a type.

Neither ``cast`` nor pandera's coercion follows the standard's rules (https://datapackage.org/standard/table-schema/),
so each type says itself which texts it accepts, and only those are converted.
"""

from collections.abc import Callable
from dataclasses import dataclass

import polars as pl

from shuttle_diplomacy.errors import UnsupportedError
from shuttle_diplomacy.package import Field

_INTEGER = r"^[+-]?[0-9]+$"
_NUMBER = r"^(?:[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?|NaN|-?INF)$"
_DATE = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"
_TRUE, _FALSE = ["true", "True", "TRUE", "1"], ["false", "False", "FALSE", "0"]


@dataclass(frozen=True)
class Reading:
    """How a column of texts becomes typed.

    Attributes:
        value: expression of the typed value; null where the text is null or wrong.
        wrong: expression that is true where there is a text that the type does not accept.
        dtype: the polars type of the value.
        expected: what the type accepts, for messages.
    """

    value: pl.Expr
    wrong: pl.Expr
    dtype: pl.DataType
    expected: str


def reading_of(field: Field) -> Reading:
    """Return how to read a field from a text column of its name, missing values being null already.

    Raises:
        UnsupportedError: the field's type or format is not read so far.

    Examples:
        >>> frame = pl.DataFrame({"on": ["2026-01-13", "2026-1-13", None]})
        >>> reading = reading_of(Field({"name": "on", "type": "date"}))
        >>> frame.select(reading.value, reading.wrong.alias("wrong")).rows()
        [(datetime.date(2026, 1, 13), False), (None, True), (None, False)]
    """
    reader = _READERS.get(field.type)
    if reader is None or field.format != "default":
        kind = field.type if field.format == "default" else f"{field.type}, format {field.format}"
        raise UnsupportedError(f"field {field.name!r}: the type {kind} is not read so far")
    return reader(field, pl.col(field.name))


def _converted(text: pl.Expr, value: pl.Expr, dtype: pl.DataType, expected: str) -> Reading:
    """Return a reading in which whatever did not convert is wrong."""
    return Reading(value, text.is_not_null() & value.is_null(), dtype, expected)


def _string(_field: Field, text: pl.Expr) -> Reading:
    return Reading(text, pl.lit(value=False), pl.String(), "a text")


def _integer(field: Field, text: pl.Expr) -> Reading:
    _refuse(field, "groupChar", "bareNumber")
    sound = pl.when(text.str.contains(_INTEGER)).then(text.str.strip_prefix("+"))
    return _converted(text, sound.cast(pl.Int64, strict=False), pl.Int64(), "a whole number of at most 64 bits")


def _number(field: Field, text: pl.Expr) -> Reading:
    _refuse(field, "groupChar", "bareNumber", "decimalChar")
    sound = pl.when(text.str.contains(_NUMBER)).then(text.str.replace("INF", "inf", literal=True))
    return _converted(text, sound.cast(pl.Float64, strict=False), pl.Float64(), "a number such as 35.68 or 1e3")


def _boolean(field: Field, text: pl.Expr) -> Reading:
    yes = field.descriptor.get("trueValues", _TRUE)
    no = field.descriptor.get("falseValues", _FALSE)
    value = pl.when(text.is_in(yes)).then(statement=True).when(text.is_in(no)).then(statement=False)
    return _converted(text, value, pl.Boolean(), f"one of {', '.join([*yes, *no])}")


def _date(_field: Field, text: pl.Expr) -> Reading:
    sound = pl.when(text.str.contains(_DATE) & ~text.str.starts_with("0000")).then(text)  # there was no year 0
    value = sound.str.to_date("%Y-%m-%d", strict=False)
    return _converted(text, value, pl.Date(), "a day that exists, written YYYY-MM-DD")


def _list(field: Field, text: pl.Expr) -> Reading:
    item = Field({"name": "", "type": field.descriptor.get("itemType", "string")})
    if item.type not in _ITEM_TYPES:
        raise UnsupportedError(f"field {field.name!r}: lists of {item.type} are not read so far")
    reading = _READERS[item.type](item, pl.element())
    items = text.str.split(str(field.descriptor.get("delimiter", ",")))
    wrong = items.list.eval(reading.wrong).list.any().fill_null(value=False)
    value = pl.when(~wrong).then(items.list.eval(reading.value))
    return Reading(value, wrong, pl.List(reading.dtype), f"a list of which each item is {reading.expected}")


def _refuse(field: Field, *properties: str) -> None:
    for name in properties:
        if name in field.descriptor:
            raise UnsupportedError(f"field {field.name!r}: the property {name!r} is not read so far")


_READERS: dict[str, Callable[[Field, pl.Expr], Reading]] = {
    "any": _string,
    "boolean": _boolean,
    "date": _date,
    "integer": _integer,
    "list": _list,
    "number": _number,
    "string": _string,
}
_ITEM_TYPES = ("boolean", "date", "integer", "number", "string")
