"""Lexical rules of the field types, as polars expressions: one reader function a type.

Neither ``cast`` nor pandera's coercion follows the standard's rules (https://datapackage.org/standard/table-schema/),
so each type says itself which texts it accepts, and only those are converted.
"""

import json

import polars as pl

from shuttle_diplomacy.package import Field
from shuttle_diplomacy.tabular.types import booleans, durations, geo, geojson, lists, numbers, structured, texts, times
from shuttle_diplomacy.tabular.types.reading import FieldError, Reader, Reading

__all__ = ["Reading", "reading_of"]


def reading_of(field: Field, column: str | None = None) -> Reading:
    """Return how to read a field from a text column, missing values being null already.

    Args:
        field: the field, whose type, format and further properties count.
        column: the column's name; the field's where it is left out.

    Raises:
        FieldError: the field's type, format or a property of its type cannot be followed.

    Examples:
        >>> frame = pl.DataFrame({"on": ["2026-01-13", "2026-1-13", None]})
        >>> reading = reading_of(Field({"name": "on", "type": "date"}))
        >>> frame.select(reading.value, reading.wrong.alias("wrong")).rows()
        [(datetime.date(2026, 1, 13), False), (None, True), (None, False)]
    """
    try:
        json.dumps(field.descriptor, ensure_ascii=False, default=str).encode()
    except UnicodeEncodeError as error:
        raise FieldError(field, f"its descriptor holds half a character ({error.object[error.start]!r})", "") from error
    reader = _READERS.get(field.type)
    if reader is None:
        raise FieldError(field, f"the type {field.type!r} is not known; use one of {', '.join(_READERS)}", "type")
    return reader(field, pl.col(field.name if column is None else column))


_READERS: dict[str, Reader] = {
    "any": texts.anything,
    "array": structured.structured,
    "boolean": booleans.boolean,
    "date": times.date,
    "datetime": times.datetime,
    "duration": durations.duration,
    "geojson": geojson.geojson,
    "geopoint": geo.geopoint,
    "integer": numbers.integer,
    "list": lists.list_of,
    "number": numbers.number,
    "object": structured.structured,
    "string": texts.string,
    "time": times.time,
    "year": numbers.year,
    "yearmonth": times.yearmonth,
}
