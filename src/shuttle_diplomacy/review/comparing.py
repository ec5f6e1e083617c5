"""Comparing two packages: rows by primary key, cells as they are stored, then schemas and metadata."""

from collections.abc import Callable
from dataclasses import replace

import polars as pl

from shuttle_diplomacy.errors import ShuttleError, UnsoundTableError
from shuttle_diplomacy.package import Package, Resource, Schema
from shuttle_diplomacy.review import metadata
from shuttle_diplomacy.review.difference import CELLS, KEYS, Difference, Stored, TableDifference
from shuttle_diplomacy.review.pairing import Pairs, as_whole, by_key, renamed
from shuttle_diplomacy.review.revisions import Side
from shuttle_diplomacy.review.schemas import compare_schemas
from shuttle_diplomacy.review.stored import read_stored
from shuttle_diplomacy.tabular.types import reading_of

Names = list[tuple[str, str]]


def compare(old: Side, new: Side, on_table: Callable[[str], None] = lambda _: None) -> Difference:
    """Return what differs between two packages.

    A table that has errors of structure is not compared; the others are.

    Args:
        old: the earlier package.
        new: the later one.
        on_table: called with each table's name before it is read, for progress.
    """
    before = {r.name: r for r in old.package.resources if r.is_table}
    after = {r.name: r for r in new.package.resources if r.is_table}
    found = []
    former = metadata.renamed_tables(before, after)
    for name in [*after, *(name for name in before if name not in after and name not in former.values())]:
        on_table(name)
        try:
            table = _table(name, before.get(former.get(name, name)), after.get(name))
        except ShuttleError as error:
            table = TableDifference(name, "unread", new.shown(old.shown(str(error))))
        both = [package for package in (old.package, new.package) if name in package.tables]
        referenced = frozenset().union(*(_referenced(package, name) for package in both))
        if not table.same or table.noise:
            found.append(replace(table, referenced=referenced))
    changes, noise = metadata.package_changes(old.package, new.package)
    return Difference(
        old.label,
        new.label,
        metadata.version(old.package),
        metadata.version(new.package),
        tuple(found),
        tuple(changes),
        tuple(noise),
        str(new.package.descriptor.get("created", "")),
    )


def _table(name: str, old: Resource | None, new: Resource | None) -> TableDifference:
    sides, faults = [], []
    for which, resource in (("earlier", old), ("later", new)):
        try:
            sides += [read_stored(resource)] if resource is not None else []
        except ShuttleError as error:
            faults.append(f"the {which} package: {error}")
    if faults:
        raise UnsoundTableError("; ".join(faults))
    if old is None or new is None:
        [stored] = sides
        count, key = stored.text.height, stored.schema.primary_key
        if old is None:
            return TableDifference(name, "added", key=key, rows_after=count, added=stored)
        return TableDifference(name, "removed", key=key, rows_before=count, removed=stored)
    changes, noise = metadata.resource_changes(old, new)
    found = compare_tables(name, *sides)
    return replace(found, properties=tuple(changes), noise=tuple(noise))


def compare_tables(name: str, old: Stored, new: Stored) -> TableDifference:
    """Return what differs between two states of one table.

    Args:
        name: the table.
        old: the earlier state.
        new: the later one.
    """
    names = _common(old.schema, new.schema)
    key = _key(old.schema, new.schema, names)
    if key:
        pairs = by_key(*_aligned(old, new, names), [str(n) for n, (_, after) in enumerate(names) if after in key])
        names += _renamed_fields(old, new, names, pairs)
        left, right = _aligned(old, new, names)
        cells = _cells(left, right, pairs, old, new, names, key)
    else:
        names += _renamed_fields(old, new, names, None)
        left, right = _aligned(old, new, names)
        pairs, cells = as_whole(left, right), pl.DataFrame(schema=CELLS)
    pairs, moved = _renamed_keys(left, right, pairs, old, new, names, key)
    rows = cells.group_by("row").agg(pl.col("respelt").all())
    return TableDifference(
        name,
        key=key,
        rows_before=old.text.height,
        rows_after=new.text.height,
        added=new.rows(pairs.added),
        removed=old.rows(pairs.removed),
        cells=cells,
        renamed=moved,
        changed_rows=rows.height,
        respelt_rows=int(rows["respelt"].sum()),
        schema=tuple(compare_schemas(old.schema, new.schema, dict(names))),
        references=frozenset(field for foreign in new.schema.foreign_keys for field in foreign.fields),
    )


def _common(old: Schema, new: Schema) -> Names:
    """Return the fields of both, under either name, in the new order: also those of a key that was renamed."""
    gone, come = set(old.names) - set(new.names), set(new.names) - set(old.names)
    found = {name: name for name in new.names if name in old.names}
    if len(old.primary_key) == len(new.primary_key):
        pairs = zip(old.primary_key, new.primary_key, strict=True)
        found |= {after: before for before, after in pairs if before in gone and after in come}
    return [(found[name], name) for name in new.names if name in found]


def _key(old: Schema, new: Schema, names: Names) -> tuple[str, ...]:
    """Return the key, in new names, that rows of both can be matched by: that of the new schema if it can be used."""
    after = dict(names)
    former = tuple(after.get(name, "") for name in old.primary_key)
    for key in (new.primary_key, former):
        if key and set(key) <= set(after.values()):
            return key
    return ()


def _renamed_fields(old: Stored, new: Stored, names: Names, pairs: Pairs | None) -> Names:
    """Return the fields whose name changed while their type and all their cells stayed."""
    gone = [f for f in old.schema.fields if f.name not in {before for before, _ in names}]
    come = [f for f in new.schema.fields if f.name not in {after for _, after in names}]
    if not (gone and come) or (pairs is None and old.text.height != new.text.height):
        return []
    former = {f.name: old.text[str(old.schema.names.index(f.name))] for f in gone}
    columns = {f.name: new.text[str(new.schema.names.index(f.name))] for f in come}
    if pairs is not None:
        former = {name: column.gather(pairs.before) for name, column in former.items()}
        columns = {name: column.gather(pairs.after) for name, column in columns.items()}
    found = []
    for field in gone:
        column = former[field.name]
        like = [f for f in come if f.type == field.type and columns[f.name].equals(column, null_equal=True)]
        if len(like) == 1 and (column.fill_null("") != "").any():
            found.append((field.name, like[0].name))
    taken = [after for _, after in found]
    return [(before, after) for before, after in found if taken.count(after) == 1]


def _aligned(old: Stored, new: Stored, names: Names) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return the common columns of both sides, in one order."""
    sides = []
    for number, side in enumerate((old, new)):
        places = [side.schema.names.index(pair[number]) for pair in names]
        sides.append(side.text.select(pl.col(str(place)).alias(str(n)) for n, place in enumerate(places)))
    return sides[0], sides[1]


def _cells(
    left: pl.DataFrame, right: pl.DataFrame, pairs: Pairs, old: Stored, new: Stored, names: Names, key: tuple[str, ...]
) -> pl.DataFrame:
    """Return the changed cells of paired rows."""
    found = [pl.DataFrame(schema=CELLS)]
    ids = None
    for number, (_, name) in enumerate(names):
        if name in key:
            continue
        before, after = left[str(number)].gather(pairs.before), right[str(number)].gather(pairs.after)
        rows = before.ne_missing(after).arg_true()
        if not rows.len():
            continue
        ids = new.ids(key).gather(pairs.after) if ids is None else ids
        texts = pl.DataFrame({"before": before.gather(rows), "after": after.gather(rows)})
        changed = texts.with_columns(
            key=ids.gather(rows),
            old_row=old.numbers.gather(pairs.before.gather(rows)),
            row=new.numbers.gather(pairs.after.gather(rows)),
            field=pl.lit(name),
            respelt=_respelt(texts, new.schema, name),
        )
        found.append(changed.select(list(CELLS)))
    return pl.concat(found).sort("row", maintain_order=True)


def _respelt(texts: pl.DataFrame, schema: Schema, name: str) -> pl.Series:
    """Return for which texts the value is the same before and after, by the field's type; wrong texts have none."""
    field = schema.field(name)
    missing = schema.missing_values(field)
    clean = texts.with_columns(pl.when(~pl.all().is_in(missing)).then(pl.all()))
    readings = [reading_of(field, side) for side in ("before", "after")]
    try:
        typed = clean.select(
            readings[0].value.alias("before"),
            readings[1].value.alias("after"),
            (readings[0].wrong | readings[1].wrong).alias("wrong"),
        )
        same = typed["before"].eq_missing(typed["after"]) & ~typed["wrong"].fill_null(value=False)
    except pl.exceptions.PolarsError:
        same = pl.repeat(value=False, n=texts.height, dtype=pl.Boolean, eager=True)
    return same


def _renamed_keys(
    left: pl.DataFrame, right: pl.DataFrame, pairs: Pairs, old: Stored, new: Stored, names: Names, key: tuple[str, ...]
) -> tuple[Pairs, pl.DataFrame]:
    """Take the rows of which only the key changed from those added and removed."""
    rest = [str(number) for number, (_, after) in enumerate(names) if after not in key]
    if not (key and rest and pairs.removed.len() and pairs.added.len()):
        return pairs, pl.DataFrame(schema=KEYS)
    same = renamed(left.select(rest)[pairs.removed], right.select(rest)[pairs.added])
    before, after = pairs.removed.gather(same.before), pairs.added.gather(same.after)
    former = {after: before for before, after in names}
    moved = pl.DataFrame(
        {
            "before": old.rows(before).ids(tuple(former[name] for name in key)),
            "after": new.rows(after).ids(key),
            "old_row": old.numbers.gather(before),
            "row": new.numbers.gather(after),
        }
    )
    left_over = replace(pairs, removed=pairs.removed.gather(same.removed), added=pairs.added.gather(same.added))
    return left_over, moved


def _referenced(package: Package, name: str) -> frozenset[str]:
    """Return the fields of a table that other tables, or its own rows, refer to."""
    return frozenset(
        field
        for resource in package.resources
        if resource.is_table
        for key in resource.schema.foreign_keys
        if (key.resource or resource.name) == name
        for field in key.reference_fields
    )
