"""Lists: texts split at a delimiter, each item read as its type says."""

import polars as pl

from shuttle_diplomacy.package import Field
from shuttle_diplomacy.tabular.types import booleans, numbers, texts, times
from shuttle_diplomacy.tabular.types.reading import FieldError, Reader, Reading, only_default

_ITEMS: dict[str, Reader] = {
    "string": texts.string,
    "integer": numbers.integer,
    "boolean": booleans.boolean,
    "number": numbers.number,
    "datetime": times.datetime,
    "date": times.date,
    "time": times.time,
}


def list_of(field: Field, text: pl.Expr) -> Reading:
    """Return how to read a list; nothing is trimmed, and an empty text is a list of one empty item."""
    only_default(field)
    delimiter, kind = field.descriptor.get("delimiter", ","), field.descriptor.get("itemType", "string")
    if not isinstance(delimiter, str) or not delimiter:
        raise FieldError(
            field, f"'delimiter' is {delimiter!r}; it has to be a text of at least one character", "delimiter"
        )
    if not isinstance(kind, str) or kind not in _ITEMS:
        raise FieldError(field, f"'itemType' is {kind!r}; it has to be one of {', '.join(_ITEMS)}", "itemType")
    item = _ITEMS[kind](Field({"name": field.name, "type": kind}), pl.element())
    items = text.str.split(delimiter)
    dtype = pl.List(item.dtype)
    if kind == "string":
        return Reading(text, items, dtype, f"texts separated by {delimiter!r}")
    values = items.list.eval(item.value)
    value = pl.when(~values.list.eval(pl.element().is_null()).list.any()).then(values)
    return Reading(text, value, dtype, f"a list of which each item, separated by {delimiter!r}, is {item.expected}")
