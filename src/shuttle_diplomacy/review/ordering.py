"""The order of rows: by primary key, text by code point, and counted things as people count them."""

import polars as pl

from shuttle_diplomacy.package import Schema

_DATE = "[0-9]{4}(?:-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12][0-9]|3[01]))?)?"
# A month or day has two digits, so 2004-05 is a month, 2004-5 the fifth row of a year; more than three digits are no
# count but part of a name (ids made from checksums end so).
_NUMBER = "(?:-(?<number>[1-9][0-9]{0,2}))?"
_DATED = f"(?s)^(?:(?<parent>.*)/)?(?<date>{_DATE}){_NUMBER}$"
_NUMBERED = f"(?s)^(?<text>.*[^0-9]{_DATE}){_NUMBER}$"
_WHOLE = "^[+-]?[0-9]{1,18}$"


def in_key_order(text: pl.DataFrame, schema: Schema) -> pl.DataFrame:
    """Return rows of stored texts in the order of their primary key; as they stand where there is none.

    Texts are compared by code point. ``parent/date`` texts are compared by parent, then date. A number after a date
    is compared as a number, so that ``x/2004-05-01-10`` follows ``x/2004-05-01-2``; so are fields of type integer.

    Args:
        text: one String column a field, named by its position from 0.
        schema: names the primary key and the types of its fields.

    Examples:
        >>> schema = Schema({"fields": [{"name": "id", "type": "string"}], "primaryKey": "id"})
        >>> ids = ["a-b/2004", "a/2004-05-01-10", "a/2004-05-01-2", "a/2004-05-01", "a/2004"]
        >>> in_key_order(pl.DataFrame({"0": ids}), schema)["0"].to_list()
        ['a/2004', 'a/2004-05-01', 'a/2004-05-01-2', 'a/2004-05-01-10', 'a-b/2004']
    """
    if not schema.primary_key:
        return text
    columns = {name: str(number) for number, name in enumerate(schema.names)}
    by = [part for name in schema.primary_key for part in _parts(columns[name], schema.field(name).type)]
    return text.sort([*by, *(columns[n] for n in schema.primary_key)], nulls_last=False, maintain_order=True)


def _parts(name: str, kind: str) -> list[pl.Expr]:
    """Return the expressions by which one field of a key is compared, each null where it does not apply."""
    column = pl.col(name)
    if kind == "integer":
        return [pl.when(column.str.contains(_WHOLE)).then(column.str.strip_prefix("+")).cast(pl.Int64, strict=False)]
    dated, numbered = column.str.extract_groups(_DATED).struct, column.str.extract_groups(_NUMBERED).struct
    parent, date = dated.field("parent"), dated.field("date")
    return [
        pl.coalesce(parent, date, numbered.field("text"), column),
        pl.when(parent.is_not_null()).then(date),
        pl.when(date.is_null()).then(numbered.field("number")).otherwise(dated.field("number")).cast(pl.Int64),
    ]
