"""Typed frames as CSV: each value in the spelling that the reader of its field's type accepts."""

import polars as pl

from shuttle_diplomacy.package import Field, Schema
from shuttle_diplomacy.publishing.spelling import spelt
from shuttle_diplomacy.tabular.reader import column_of

_BOM = "\ufeff"


def csv_bytes(frame: pl.DataFrame, schema: Schema) -> bytes:
    r"""Return a frame as canonical CSV: UTF-8, LF, quotes only where needed, ISO dates, shortest floats.

    What is written is read by the same schema as the same frame. Where no text stands for null (``missingValues`` is
    empty) null cannot be written; it becomes the empty text.

    Raises:
        UnsoundTableError: a column is of a type that no text is known for.

    Examples:
        >>> from datetime import date
        >>> frame = pl.DataFrame({"on": [date(2026, 1, 13), None], "share": [2 / 3, 1.0], "ok": [True, False]})
        >>> types = {"on": "date", "share": "number", "ok": "boolean"}
        >>> csv_bytes(frame, Schema({"fields": [{"name": n, "type": t} for n, t in types.items()]}))
        b'on,share,ok\n2026-01-13,0.6666666666666666,true\n,1.0,false\n'
    """
    texts = lexical_frame(frame, schema)
    nulls = [_null(schema, field) for field in schema.fields]
    texts = texts.with_columns(pl.col(column_of(n)).fill_null(null) for n, null in enumerate(nulls))
    if len(nulls) > 1:  # nothing stands for null; but the only cell of a row has to show that there is a row
        texts = texts.with_columns(pl.when(pl.all() != "").then(pl.all()))
    texts.columns = schema.names
    text = texts.write_csv() if nulls else ""
    if text.startswith(_BOM):  # the first label does; within quotes it is no mark of the encoding
        label = schema.names[0]
        text = f'"{label}"{text.removeprefix(label)}'
    return text.encode("utf-8")


def lexical_frame(frame: pl.DataFrame, schema: Schema) -> pl.DataFrame:
    """Return the texts of a frame, columns named by their position; null stays null.

    Raises:
        UnsoundTableError: a column is of a type that no text is known for.
    """
    columns = [frame[name].alias(column_of(number)) for number, name in enumerate(schema.names)]
    return pl.DataFrame(columns).select(
        spelt(field, pl.col(column.name), column.dtype, schema.missing_values(field)).alias(column.name)
        for field, column in zip(schema.fields, columns, strict=True)
    )


def _null(schema: Schema, field: Field) -> str:
    """Return what is written for null: nothing if it is among the texts that stand for it, else the first of them."""
    listed = schema.missing_values(field)
    return "" if "" in listed or not listed else listed[0]
