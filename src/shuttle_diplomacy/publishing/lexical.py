"""Typed frames as CSV: each value in the spelling that the reader of its field's type accepts."""

import polars as pl

from shuttle_diplomacy.package import Field, Schema


def csv_bytes(frame: pl.DataFrame, schema: Schema) -> bytes:
    r"""Return a frame as canonical CSV: UTF-8, LF, quotes only where needed, ISO dates, shortest floats.

    Examples:
        >>> from datetime import date
        >>> frame = pl.DataFrame({"on": [date(2026, 1, 13), None], "share": [2 / 3, 1.0], "ok": [True, False]})
        >>> types = {"on": "date", "share": "number", "ok": "boolean"}
        >>> csv_bytes(frame, Schema({"fields": [{"name": n, "type": t} for n, t in types.items()]}))
        b'on,share,ok\n2026-01-13,0.6666666666666666,true\n,1.0,false\n'
    """
    texts = frame.select(
        _text(field, pl.col(field.name)).fill_null(next(iter(schema.missing_values(field)), "")).alias(field.name)
        for field in schema.fields
    )
    if len(schema.fields) > 1:  # nothing stands for null; but the only cell of a row has to show that there is a row
        texts = texts.with_columns(pl.when(pl.all() != "").then(pl.all()))
    return texts.write_csv().encode("utf-8")


def _text(field: Field, value: pl.Expr) -> pl.Expr:
    if field.type == "list":
        item = Field({"name": "", "type": field.descriptor.get("itemType", "string")})
        return value.list.eval(_text(item, pl.element())).list.join(str(field.descriptor.get("delimiter", ",")))
    if field.type == "boolean":
        yes, no = (field.descriptor.get(f"{answer}Values", [answer])[0] for answer in ("true", "false"))
        return pl.when(value).then(pl.lit(yes)).when(~value).then(pl.lit(no))
    if field.type == "date":
        return value.dt.to_string("%Y-%m-%d")
    if field.type == "number":
        return value.cast(pl.String).replace({"inf": "INF", "-inf": "-INF"})
    return value.cast(pl.String)
