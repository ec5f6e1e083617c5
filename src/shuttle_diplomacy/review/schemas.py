"""What differs between two schemas, and whether a change asks more of the data or less."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from shuttle_diplomacy.package import Field, Schema
from shuttle_diplomacy.review.difference import Change
from shuttle_diplomacy.review.directions import LOOSER, TIGHTER, direction

# How a text is read, and what holds where nothing is said; the recipe speaks of type and format, these are parts of it.
_READING: dict[str, Any] = {
    "bareNumber": True,
    "decimalChar": ".",
    "groupChar": None,
    "trueValues": ["true", "True", "TRUE", "1"],
    "falseValues": ["false", "False", "FALSE", "0"],
    "delimiter": ",",
    "itemType": "string",
}
_APART = ("name", "type", "format", "constraints", "categories", "missingValues", *_READING)
# How much each way of matching fields demands of a file.
_MATCHES = {"exact": 3, "equal": 2, "subset": 1, "superset": 1, "partial": 0}
_OF_SCHEMA = ("fields", "missingValues", "primaryKey", "uniqueKeys", "foreignKeys", "fieldsMatch")


def compare_schemas(old: Schema, new: Schema, names: Mapping[str, str]) -> Iterator[Change]:
    """Yield what changed.

    Args:
        old: the earlier schema.
        new: the later one.
        names: the fields of both, the old name and the new one.
    """
    for field in old.fields:
        if field.name not in names:
            yield Change("field-removed", field.name, field.name, before=field.type)
    for field in new.fields:
        if field.name not in names.values():
            yield Change("field-added", field.name, field.name, after=field.type)
    for before, after in names.items():
        if before != after:
            yield Change("field-renamed", "name", after, before, after)
    former = [names[name] for name in old.names if name in names]
    order = [name for name in new.names if name in names.values()]
    if former != order:
        yield Change("fields-reordered", "order of fields", "", former, order)
    for before, after in names.items():
        yield from _field(old, old.field(before), new, new.field(after))
    yield from _keys(old, new, names)
    yield from _rest("", old.descriptor, new.descriptor, _OF_SCHEMA)


def _field(old: Schema, before: Field, new: Schema, after: Field) -> Iterator[Change]:
    name = after.name
    if before.type != after.type:
        yield Change("type", "type", name, before.type, after.type)
    if before.format != after.format:
        yield Change("format", "format", name, before.format, after.format)
    for what, default in _READING.items():
        was, now = before.descriptor.get(what), after.descriptor.get(what)
        if _as_read(was, default) != _as_read(now, default):
            yield Change("reading", what, name, was, now)
    texts = old.missing_values(before), new.missing_values(after)
    if set(texts[0]) != set(texts[1]):
        yield Change("missing-values", "missingValues", name, *texts)
    elif old.missing_labels(before) != new.missing_labels(after):
        labels = old.missing_labels(before), new.missing_labels(after)
        yield Change("description", "labels of missingValues", name, *labels)
    yield from _values(before, after)
    yield from _constraints(before, after)
    yield from _rest(name, before.descriptor, after.descriptor, _APART)


def _as_read(declared: Any, default: Any) -> Any:
    """Return what a property means: its default where nothing is said; the order of texts means nothing."""
    value = default if declared is None else declared
    return sorted(map(str, value)) if isinstance(value, list) else value


def _values(before: Field, after: Field) -> Iterator[Change]:
    """Yield what changed in the values that a field may have, be they declared as enum or as categories."""
    old, new = before.values, after.values
    if old and not new:
        yield Change(LOOSER, "values", after.name, old, None, "any value is allowed now")
    elif new and not old:
        yield Change(TIGHTER, "values", after.name, None, new, "only these values are allowed now")
    else:
        gone, come = [v for v in old if v not in new], [v for v in new if v not in old]
        if gone:
            yield Change(TIGHTER, "values", after.name, gone, None, "no longer allowed")
        if come:
            yield Change(LOOSER, "values", after.name, None, come, "allowed now")
        ordered = after.descriptor.get("categoriesOrdered") is True
        if not (gone or come) and old != new:
            kind = "values-reordered" if ordered else "description"
            yield Change(kind, "order of values", after.name, old, new)
    if (labels := _labels(before)) != (wanted := _labels(after)):
        yield Change("description", "labels of values", after.name, labels, wanted)


def _labels(field: Field) -> dict[str, Any]:
    listed = field.descriptor.get("categories") or []
    return {str(c.get("value")): c["label"] for c in listed if isinstance(c, dict) and "label" in c}


def _constraints(before: Field, after: Field) -> Iterator[Change]:
    old, new = before.constraints, after.constraints
    for what in sorted((old.keys() | new.keys()) - {"enum"}):
        was, now = old.get(what), new.get(what)
        if isinstance(was, bool) or isinstance(now, bool):  # what is not demanded and what is not said are the same
            was, now = was or None, now or None
        if was != now:
            sides = (
                item if value is not None else _without(item, what) for item, value in ((before, was), (after, now))
            )
            if found := direction(what, *sides):
                yield Change(found[0], f"constraints.{what}", after.name, was, now, found[1])


def _without(field: Field, constraint: str) -> Field:
    kept = {name: value for name, value in field.constraints.items() if name != constraint}
    return Field({**field.descriptor, "constraints": kept})


def _keys(old: Schema, new: Schema, names: Mapping[str, str]) -> Iterator[Change]:
    former = tuple(names.get(name, name) for name in old.primary_key)
    if former != new.primary_key:
        yield Change("primary-key", "primaryKey", "", list(old.primary_key), list(new.primary_key))
    unique = [[names.get(name, name) for name in key] for key in old.unique_keys]
    yield from _listed("uniqueKeys", unique, map(list, new.unique_keys), sorted)
    references = [
        {"fields": [names.get(f, f) for f in k.fields], "resource": k.resource, "reference": list(k.reference_fields)}
        for k in old.foreign_keys
    ]
    wanted = [
        {"fields": list(k.fields), "resource": k.resource, "reference": list(k.reference_fields)}
        for k in new.foreign_keys
    ]
    yield from _listed("foreignKeys", references, wanted)
    if old.fields_match != new.fields_match:
        ranks = [_MATCHES.get(schema.fields_match, 3) for schema in (old, new)]
        kind = LOOSER if ranks[1] < ranks[0] else TIGHTER
        yield Change(kind, "fieldsMatch", "", old.fields_match, new.fields_match)


def _listed(
    what: str, old: Iterable[Any], new: Iterable[Any], meant: Callable[[Any], Any] = lambda item: item
) -> Iterator[Change]:
    before, after = list(old), list(new)
    sides = list(map(meant, before)), list(map(meant, after))
    for item in before:
        if meant(item) not in sides[1]:
            yield Change(LOOSER, what, "", item, None)
    for item in after:
        if meant(item) not in sides[0]:
            yield Change(TIGHTER, what, "", None, item)


def _rest(field: str, old: Mapping[str, Any], new: Mapping[str, Any], known: Iterable[str]) -> Iterator[Change]:
    for what in sorted((old.keys() | new.keys()) - set(known)):
        if old.get(what) != new.get(what):
            yield Change("description", what, field, old.get(what), new.get(what))
