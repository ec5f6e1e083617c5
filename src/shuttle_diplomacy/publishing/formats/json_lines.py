"""JSON Lines: one JSON object a row, keys in the order of the fields.

Values have the JSON type that the standard gives their field's type (https://datapackage.org/standard/table-schema/):
numbers, whole numbers with all their digits, booleans, arrays of lists and of points of the format ``array``, objects.
All else is text in the field's lexical form, so that the schema that reads the table's CSV reads these lines as well:
dates, times and durations, points of the format ``default``, ``INF`` and ``NaN``, which are no JSON numbers, and what
a reader would not take for the same value if it stood there as JSON (an object that has a key twice). Null is null.
"""

import json
from pathlib import Path

import polars as pl

from shuttle_diplomacy.package import Field, Schema
from shuttle_diplomacy.publishing.released import Release, ReleasedTable
from shuttle_diplomacy.publishing.spelling import spelt
from shuttle_diplomacy.tabular.json_values import RowError, decoded, text_of
from shuttle_diplomacy.tabular.native import lexical
from shuttle_diplomacy.tabular.reader import column_of
from shuttle_diplomacy.tabular.types.booleans import answers

_ROWS = 1 << 16
_NUMBER = r"^-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?$"


def write_json_lines(table: ReleasedTable, release: Release, file: Path) -> None:  # noqa: ARG001
    """Write a table as JSON Lines: UTF-8, LF, nothing escaped that need not be.

    Raises:
        UnsoundTableError: a column is of a type that no text is known for.
    """
    columns = [table.frame[name].alias(column_of(number)) for number, name in enumerate(table.schema.names)]
    line = _line(table.schema, columns)
    rows = pl.DataFrame(columns)
    with file.open("wb") as target:
        for start in range(0, table.frame.height, _ROWS):
            lines = rows[start : start + _ROWS].select(line.alias("")).to_series()
            target.write("".join(f"{text}\n" for text in lines).encode("utf-8"))


def _line(schema: Schema, columns: list[pl.Series]) -> pl.Expr:
    parts: list[pl.Expr] = [pl.lit("{")]
    for number, (field, column) in enumerate(zip(schema.fields, columns, strict=True)):
        key = json.dumps(field.name, ensure_ascii=False)
        parts.append(pl.lit(f"{', ' if number else ''}{key}: "))
        parts.append(_value(field, pl.col(column.name), column.dtype, schema.missing_values(field)).fill_null("null"))
    return pl.concat_str([*parts, pl.lit("}")])


def _value(field: Field, value: pl.Expr, dtype: pl.DataType, taken: list[str]) -> pl.Expr:
    """Return values as JSON texts; null stays null.

    A value is written as JSON if its text, as the reader takes it from JSON, is the one that stands for it.
    """
    text, plain = spelt(field, value, dtype, taken), spelt(field, value, dtype)
    if field.type == "boolean" and dtype == pl.Boolean:
        return _answers(field, value, text, taken)
    if field.type == "list" and isinstance(dtype, pl.List):
        item = Field({"name": field.name, "type": field.descriptor.get("itemType", "string")})
        items = value.list.eval(_value(item, pl.element(), dtype.inner, []).fill_null("null"))  # type: ignore[arg-type]
        return pl.when(text == plain).then("[" + items.list.join(", ") + "]").otherwise(_quoted(text))
    if field.type in {"object", "array", "geojson"}:
        return text.map_batches(lambda cells: _structured(cells, taken), return_dtype=pl.String(), is_elementwise=True)
    if field.type == "geopoint" and field.format in {"array", "object"}:
        return pl.when(text == plain).then(text).otherwise(_quoted(text))
    if field.type in {"integer", "number", "year"}:
        native = value.cast(pl.String)
        read = native.str.replace(".", _point(field), literal=True) if field.type == "number" else native
        return pl.when(native.str.contains(_NUMBER) & (read == text)).then(native).otherwise(_quoted(text))
    return _quoted(text)


def _point(field: Field) -> str:
    return str(field.descriptor.get("decimalChar", "."))


def _answers(field: Field, value: pl.Expr, text: pl.Expr, taken: list[str]) -> pl.Expr:
    written = []
    for name, known in zip(("true", "false"), answers(field), strict=True):
        read = lexical(field, "boolean", name)
        written.append(pl.lit(name) if read in known and read not in taken else _quoted(text))
    return pl.when(value).then(written[0]).when(~value).then(written[1])


def _structured(cells: pl.Series, taken: list[str]) -> pl.Series:
    """Return JSON texts in one line; where the rows' reader would refuse one, as a text."""
    known: dict[str, str] = {}
    for cell in cells.unique().drop_nulls():
        try:
            read = str(text_of(decoded(cell)))
        except RowError:
            known[cell] = json.dumps(cell, ensure_ascii=False)
        else:
            known[cell] = read if read not in taken else json.dumps(cell, ensure_ascii=False)
    return pl.Series(cells.name, [known.get(cell) for cell in cells], dtype=pl.String)


def _quoted(text: pl.Expr) -> pl.Expr:
    encoded = pl.struct(text.alias("v")).struct.json_encode()
    return pl.when(text.is_not_null()).then(encoded.str.slice(len('{"v":')).str.strip_suffix("}"))
