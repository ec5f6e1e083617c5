"""Whether the parts of one field fit together: type, format, constraints and categories."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from shuttle_diplomacy.errors import did_you_mean
from shuttle_diplomacy.package.finding import Finding
from shuttle_diplomacy.package.model import Field
from shuttle_diplomacy.package.places import Place
from shuttle_diplomacy.package.profiles import FORMATS, PATTERNED, TYPES_OF_CONSTRAINT, TYPES_OF_PROPERTY
from shuttle_diplomacy.package.shapes import shown

_CATEGORICAL = ("string", "integer")
_TRUE = ("true", "True", "TRUE", "1")
_FALSE = ("false", "False", "FALSE", "0")


def check_field(field: Field, place: Place) -> Iterator[Finding]:
    """Yield what in a field does not fit together; its shape has to be right."""
    yield from _check_format(field, place)
    yield from _check_constraints(field, place)
    yield from _check_order(field, place)
    yield from _check_values(field, place)
    yield from _check_properties(field, place)


def _check_format(field: Field, place: Place) -> Iterator[Finding]:
    known = ("default", *FORMATS.get(field.type, ()))
    if field.type in PATTERNED or field.format in known:
        return
    near = did_you_mean(field.format[:80], known)
    note = f"the format {shown(field.format)} is not one of type {field.type!r}: {', '.join(known)};{near}"
    yield place.error(note.rstrip(";"), "format")


def _check_constraints(field: Field, place: Place) -> Iterator[Finding]:
    for name, types in TYPES_OF_CONSTRAINT.items():
        if name in field.constraints and field.type not in types:
            what = f"type {field.type!r}" if "type" in field.descriptor else f"type {field.type!r} (none is declared)"
            note = f"the constraint {name!r} does not fit {what}, only: {', '.join(types)}"
            yield place.error(note, "constraints", name)


def _check_order(field: Field, place: Place) -> Iterator[Finding]:
    limits = field.constraints
    for low, high in (("minLength", "maxLength"), ("minimum", "maximum"), ("exclusiveMinimum", "exclusiveMaximum")):
        least, most = limits.get(low), limits.get(high)
        if isinstance(least, int | float) and isinstance(most, int | float) and least > most:
            note = f"{low} is {shown(least)}, which is more than {high}, {shown(most)}: no value can fit"
            yield place.error(note, "constraints", low)


def _check_values(field: Field, place: Place) -> Iterator[Finding]:
    """Check the enumeration of a field: each value once, and ``enum`` within ``categories`` where both are given."""
    enum = [_spelt(value) for value in field.constraints.get("enum", [])]
    categories = [_spelt(value) for value in field.categories]
    labels = [
        item["label"] for item in field.descriptor.get("categories", []) if isinstance(item, dict) and "label" in item
    ]
    if "categories" in field.descriptor and field.type not in _CATEGORICAL:
        note = f"categories do not fit type {field.type!r}, only: {', '.join(_CATEGORICAL)}"
        yield place.error(note, "categories")
    yield from _twice("enum", enum, place, "constraints", "enum")
    yield from _twice("categories", categories, place, "categories")
    yield from _twice("categories", labels, place, "categories", what="the label ")
    allowed = set(categories)
    for position, value in enumerate(enum):
        if "categories" in field.descriptor and value not in allowed:
            note = f"enum holds {shown(value)}, which is not in categories"
            yield place.error(note, "constraints", "enum", position)


def _spelt(value: Any) -> str:
    """Return a value as a text, so that 1 and "1" are one value and true is not 1."""
    return value if isinstance(value, str) else "true" if value is True else "false" if value is False else str(value)


def _twice(name: str, values: list[str], place: Place, *tokens: str, what: str = "") -> Iterator[Finding]:
    for value, count in Counter(values).items():
        if count > 1:
            yield place.error(f"{name} holds {what}{shown(value)} twice", *tokens)


def _check_properties(field: Field, place: Place) -> Iterator[Finding]:
    """Check the properties that only some types have."""
    declared = field.descriptor
    for name, types in TYPES_OF_PROPERTY.items():
        if name in declared and field.type not in types:
            note = f"{name!r} says nothing about type {field.type!r}, only about: {', '.join(types)}"
            yield place.warning("unknown-property", note, name)
    if field.type == "boolean":
        both = set(declared.get("trueValues", _TRUE)) & set(declared.get("falseValues", _FALSE))
        for value in sorted(both):
            key = "trueValues" if "trueValues" in declared else "falseValues"
            yield place.error(f"{shown(value)} stands for true and for false", key)
    if field.type == "number" and declared.get("groupChar") == declared.get("decimalChar", "."):
        yield place.error(f"groupChar and decimalChar are both {shown(declared['groupChar'])}", "groupChar")
