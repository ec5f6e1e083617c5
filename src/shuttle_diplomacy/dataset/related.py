"""Columns of the rows that a table's foreign keys refer to, joined to it."""

from collections import Counter
from collections.abc import Callable, Sequence

import polars as pl

from shuttle_diplomacy.errors import UnknownNameError, UnsoundTableError
from shuttle_diplomacy.package import ForeignKey, Schema
from shuttle_diplomacy.tabular.comparable import comparable


def with_related(
    frame: pl.DataFrame,
    name: str,
    schema: Schema,
    fields: bool | str | Sequence[str],
    load: Callable[[str], pl.DataFrame],
) -> pl.DataFrame:
    """Return a frame with the columns of the rows it refers to; its own rows, their order and types stay.

    Args:
        frame: the rows of a table.
        name: the table, for messages.
        schema: its schema.
        fields: the fields whose foreign keys are followed, one level; True: all that have one.
        load: gives the typed frame of another table.

    Returns:
        The frame with further columns ``<prefix>.<column>``; the prefix is the field without ``_id``, for a key of
        several fields the table referred to. The fields referred to are left out: they equal the key. A row that
        refers to nothing has null in all of them.

    Raises:
        UnknownNameError: a field has no foreign key, or refers to a table that is not there.
        UnsoundTableError: a row refers to several rows, or two columns would have the same name.
    """
    for key, prefix in _chosen(name, schema, fields):
        table = key.resource or name
        added = _joined(frame, load(table), key, prefix, f"{name}.{'+'.join(key.fields)}", table)
        clash = [column for column in added.columns if column in frame.columns]
        if clash:
            raise UnsoundTableError(f"{name!r} has a column {clash[0]!r} already; name in 'related' other fields only")
        frame = frame.hstack(added)
    return frame


def _chosen(name: str, schema: Schema, fields: bool | str | Sequence[str]) -> list[tuple[ForeignKey, str]]:
    keys = list(zip(schema.foreign_keys, _prefixes(schema.foreign_keys), strict=True))
    if isinstance(fields, bool):
        return keys if fields else []
    found = []
    for field in dict.fromkeys([fields] if isinstance(fields, str) else fields):
        of_field = [pair for pair in keys if field in pair[0].fields]
        if not of_field:
            known = dict.fromkeys(name for key, _ in keys for name in key.fields)
            raise UnknownNameError(f"foreign key of {name!r} with the field", field, known)
        found += [pair for pair in of_field if pair not in found]
    return found


def _prefixes(keys: Sequence[ForeignKey]) -> list[str]:
    """Return a short prefix for each key; a longer one for those that would share it."""
    short = [key.fields[0].removesuffix("_id") if len(key.fields) == 1 else key.resource for key in keys]
    times = Counter(short)
    long = [
        prefix if prefix and times[prefix] == 1 else "+".join(key.fields)
        for prefix, key in zip(short, keys, strict=True)
    ]
    times = Counter(long)
    return [p if times[p] == 1 else f"{p}.{key.resource}" for p, key in zip(long, keys, strict=True)]


def _joined(
    frame: pl.DataFrame, parent: pl.DataFrame, key: ForeignKey, prefix: str, where: str, table: str
) -> pl.DataFrame:
    """Return the columns of the rows referred to, a row for each row of the frame."""
    pairs = list(zip(key.fields, key.reference_fields, strict=True))
    texts = [frame.schema[own] != parent.schema[other] for own, other in pairs]
    on = [str(number) for number in range(len(pairs))]
    left = frame.select(
        comparable(pl.col(own), frame.schema[own], as_text=text).alias(column)
        for column, (own, _), text in zip(on, pairs, texts, strict=True)
    )
    values = [
        comparable(pl.col(other), parent.schema[other], as_text=text).alias(column)
        for column, (_, other), text in zip(on, pairs, texts, strict=True)
    ]
    others = [pl.col(c).alias(f"{prefix}.{c}") for c in parent.columns if c not in key.reference_fields]
    right = parent.select(*values, *others).join(left, on=on, how="semi")
    twice = right.select(pl.struct(on).is_duplicated()).to_series()
    if twice.any():
        shown = "/".join(map(str, right.filter(twice).row(0)[: len(on)]))
        raise UnsoundTableError(
            f"{where} cannot be followed: several rows of {table!r} have {'+'.join(key.reference_fields)} {shown!r};"
            " leave the field out of 'related'"
        )
    return left.join(right, on=on, how="left", maintain_order="left").drop(on)
