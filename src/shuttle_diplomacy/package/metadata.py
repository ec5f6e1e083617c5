"""Checking a descriptor: first its shape, then what it means.

The shape is what :mod:`~shuttle_diplomacy.package.model` relies on; a package whose shape is wrong is not judged
further. The meaning is what a JSON profile cannot see: names that occur twice, keys on unknown fields, values
outside their own constraints, paths that leave the package, and keys that look like misspelt ones.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from shuttle_diplomacy.errors import UnreadableError, UnsafePathError, did_you_mean
from shuttle_diplomacy.package.finding import Finding
from shuttle_diplomacy.package.model import Descriptor, Field, Package, Resource, Schema
from shuttle_diplomacy.package.storage import safe_path

# Properties of the standard, versions 1 and 2; any further key is allowed but warned about if it is near to one.
PROPERTIES = {
    "package": "$schema name id licenses title description homepage image version created keywords contributors "
    "sources resources profile",
    "resource": "$schema name path data type title description format mediatype encoding bytes hash sources licenses "
    "dialect schema profile",
    "schema": "$schema fields fieldsMatch missingValues primaryKey uniqueKeys foreignKeys title description",
    "field": "name type format title description example constraints categories categoriesOrdered missingValues "
    "rdfType trueValues falseValues decimalChar groupChar bareNumber delimiter itemType",
    "constraints": "required unique minLength maxLength minimum maximum exclusiveMinimum exclusiveMaximum pattern "
    "enum jsonSchema",
}
TYPES = (
    *("string", "number", "integer", "boolean", "object", "array", "list", "datetime", "date", "time", "year"),
    *("yearmonth", "duration", "geopoint", "geojson", "any"),
)
FIELDS_MATCH = ("exact", "equal", "subset", "superset", "partial")
BOUNDS = ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum")

Shape = Callable[[Any], bool]


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


def _is_names(value: Any) -> bool:
    return _is_text(value) or (isinstance(value, list) and bool(value) and all(map(_is_text, value)))


def _is_missing_values(value: Any) -> bool:
    def fits(item: Any) -> bool:
        return _is_text(item) or (isinstance(item, dict) and _is_text(item.get("value")))

    return isinstance(value, list) and all(map(fits, value))


def _is_list_of_keys(value: Any) -> bool:
    return isinstance(value, list) and all(map(_is_names, value))


def _is_foreign_keys(value: Any) -> bool:
    def fits(key: Any) -> bool:
        reference = key.get("reference") if isinstance(key, dict) else None
        return (
            isinstance(reference, dict)
            and _is_names(key.get("fields"))
            and _is_names(reference.get("fields"))
            and _is_text(reference.get("resource", ""))
        )

    return isinstance(value, list) and all(map(fits, value))


def _is_categories(value: Any) -> bool:
    def fits(item: Any) -> bool:
        plain = item.get("value") if isinstance(item, dict) else item
        return isinstance(plain, str | int) and not isinstance(plain, bool)

    return isinstance(value, list) and all(map(fits, value))


def _is_object(value: Any) -> bool:
    return isinstance(value, dict)


def _is_object_or_reference(value: Any) -> bool:
    return isinstance(value, dict | str)


def _is_texts(value: Any) -> bool:
    return isinstance(value, list) and all(map(_is_text, value))


def _is_plain_values(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(item, str | int | float) for item in value)


def _is_length(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _is_bound(value: Any) -> bool:
    return isinstance(value, str | int | float) and not isinstance(value, bool)


# For each object of a descriptor: property, shape, what it has to be.
SHAPES: dict[str, list[tuple[str, Shape, str]]] = {
    "package": [("name", _is_text, "a text")],
    "resource": [
        ("name", _is_text, "a text"),
        ("path", _is_names, "a path or a list of paths"),
        ("encoding", _is_text, "a text"),
        ("hash", _is_text, "a text"),
        ("bytes", lambda v: isinstance(v, int) and not isinstance(v, bool), "a whole number"),
        ("dialect", _is_object_or_reference, "an object or a reference to one"),
        ("schema", _is_object_or_reference, "an object or a reference to one"),
    ],
    "schema": [
        ("fieldsMatch", lambda v: v in FIELDS_MATCH or v in [[m] for m in FIELDS_MATCH], " or ".join(FIELDS_MATCH)),
        ("missingValues", _is_missing_values, "a list of texts, or of objects with a value"),
        ("primaryKey", _is_names, "a field name or a list of field names"),
        ("uniqueKeys", _is_list_of_keys, "a list of lists of field names"),
        ("foreignKeys", _is_foreign_keys, "a list of objects with fields and reference"),
    ],
    "field": [
        ("name", _is_text, "a text"),
        ("type", lambda v: v in TYPES, "one of: " + ", ".join(TYPES)),
        ("format", _is_text, "a text"),
        ("constraints", _is_object, "an object"),
        ("missingValues", _is_missing_values, "a list of texts, or of objects with a value"),
        ("trueValues", _is_texts, "a list of texts"),
        ("falseValues", _is_texts, "a list of texts"),
        ("delimiter", lambda v: _is_text(v) and bool(v), "a text of at least one character"),
        ("itemType", _is_text, "a text"),
        ("categories", _is_categories, "a list of texts or whole numbers, or of objects with a value"),
    ],
    "constraints": [
        ("required", lambda v: isinstance(v, bool), "true or false"),
        ("unique", lambda v: isinstance(v, bool), "true or false"),
        ("minLength", _is_length, "a whole number from 0"),
        ("maxLength", _is_length, "a whole number from 0"),
        *((name, _is_bound, "a number or a text") for name in BOUNDS),
        ("pattern", _is_text, "a text"),
        ("enum", _is_plain_values, "a list with at least one value, each a text, a number, true or false"),
    ],
}


def _fault(kind: str, note: str, resource: str = "", field: str | None = None) -> Finding:
    return Finding(f"{kind}-error", note, resource=resource, field_name=field)


def _shape_of(kind: str, value: Descriptor, where: str, resource: str = "", field: str | None = None) -> list[Finding]:
    """Return what is wrong with the types of the known properties of one object."""
    error = "field" if kind == "constraints" else kind
    return [
        _fault(error, f"{where}: {name!r} is {value[name]!r}, but has to be {wanted}", resource, field)
        for name, fits, wanted in SHAPES[kind]
        if name in value and not fits(value[name])
    ]


def check_shape(descriptor: Descriptor) -> list[Finding]:
    """Return what is wrong with the shape of a descriptor; the model can be used only where this is empty.

    Examples:
        >>> [f.note for f in check_shape({"resources": [{"name": 3, "path": "a.csv"}]})]
        ["resource 1: 'name' is 3, but has to be a text"]
    """
    found = _shape_of("package", descriptor, "package")
    resources = descriptor.get("resources")
    if not isinstance(resources, list) or not resources:
        return [*found, _fault("package", "package: 'resources' has to be a list with at least one resource")]
    for number, resource in enumerate(resources, 1):
        found += _check_resource_shape(resource, number)
    return found


def require_shape(package: Package) -> Package:
    """Return the package if the model can be used on its descriptor.

    Raises:
        UnreadableError: it cannot.
    """
    if faults := check_shape(package.descriptor):
        count = f"{len(faults)} error{'s' if len(faults) > 1 else ''}"
        raise UnreadableError(f"{package.where}: the descriptor has {count}; the first: {faults[0].note}")
    return package


def _check_resource_shape(resource: Any, number: int) -> Iterator[Finding]:
    if not isinstance(resource, dict):
        yield _fault("resource", f"resource {number} is not an object")
        return
    given = resource.get("name")
    name = given if isinstance(given, str) else ""
    where = f"resource {name!r}" if name else f"resource {number}"
    if "name" not in resource:
        yield _fault("resource", f"{where} has no name")
    yield from _shape_of("resource", resource, where, name)
    if ("path" in resource) == ("data" in resource):
        yield _fault("resource", f"{where} needs either a path or data", name)
    schema = resource.get("schema", {})
    if isinstance(schema, dict):
        yield from _shape_of("schema", schema, f"{where}, schema", name)
        yield from _check_fields_shape(schema.get("fields", []), where, name)


def _check_fields_shape(fields: Any, where: str, resource: str) -> Iterator[Finding]:
    if not isinstance(fields, list):
        yield _fault("schema", f"{where}: 'fields' has to be a list", resource)
        return
    for number, field in enumerate(fields, 1):
        if not isinstance(field, dict) or not _is_text(field.get("name")):
            yield _fault("field", f"{where}, field {number}: not an object with a name", resource)
            continue
        place = f"{where}, field {field['name']!r}"
        yield from _shape_of("field", field, place, resource, field["name"])
        constraints = field.get("constraints")
        if isinstance(constraints, dict):
            yield from _shape_of("constraints", constraints, place, resource, field["name"])


def check_meaning(package: Package) -> list[Finding]:
    """Return what is wrong with a descriptor whose shape is right; likely typos are warnings."""
    found = list(_twice((r.name for r in package.resources), "package", "resource"))
    found += _unknown_keys("package", package.descriptor, "package")
    for resource in package.resources:
        found += _check_resource(package, resource)
    return found


def _twice(names: Iterable[str], kind: str, noun: str, resource: str = "") -> Iterator[Finding]:
    for name, count in Counter(names).items():
        if count > 1:
            yield _fault(kind, f"{count} {noun}s are named {name!r}; a name must occur once", resource)


def _unknown_keys(kind: str, value: Descriptor, where: str, resource: str = "") -> Iterator[Finding]:
    known = PROPERTIES[kind].split()
    for key in value:
        near = "" if key in known or ":" in key else did_you_mean(key, known)
        if near:
            note = f"{where}: {key!r} is no property of the standard;{near}"
            yield Finding("unknown-property", note, resource=resource, severity="warning")


def _check_resource(package: Package, resource: Resource) -> Iterator[Finding]:
    where, schema = f"resource {resource.name!r}", resource.schema
    for path in resource.paths:
        try:
            path.startswith(("http://", "https://")) or safe_path(path)
        except UnsafePathError as error:
            yield _fault("resource", f"{where}: {error}", resource.name)
    yield from _unknown_keys("resource", resource.descriptor, where, resource.name)
    yield from _unknown_keys("schema", schema.descriptor, f"{where}, schema", resource.name)
    yield from _twice(schema.names, "schema", "field", resource.name)
    for field in schema.fields:
        place = f"{where}, field {field.name!r}"
        yield from _unknown_keys("field", field.descriptor, place, resource.name)
        yield from _unknown_keys("constraints", field.constraints, place, resource.name)
        yield from _check_values(field, place, resource.name)
    yield from _check_keys(package, resource, schema, where)


def _check_values(field: Field, place: str, resource: str) -> Iterator[Finding]:
    """Check the enumeration of a field: each value once, and ``enum`` within ``categories`` where both are given."""
    enum = list(map(str, field.constraints.get("enum", [])))
    categories = list(map(str, field.categories))
    for name, values in (("enum", enum), ("categories", categories)):
        for value in (v for v, count in Counter(values).items() if count > 1):
            yield _fault("field", f"{place}: {name} holds {value!r} twice", resource, field.name)
    for value in enum:
        if categories and value not in categories:
            yield _fault("field", f"{place}: enum holds {value!r}, which is not in categories", resource, field.name)


def _check_keys(package: Package, resource: Resource, schema: Schema, where: str) -> Iterator[Finding]:
    def missing(fields: Iterable[str], known: Schema, what: str) -> Iterator[Finding]:
        for name in fields:
            if name not in known.names:
                yield _fault(
                    "schema",
                    f"{where}: {what} names the unknown field {name!r};{did_you_mean(name, known.names)}".rstrip(";"),
                    resource.name,
                )

    yield from missing(schema.primary_key, schema, "primaryKey")
    for key in schema.unique_keys:
        yield from missing(key, schema, "uniqueKeys")
    for reference in schema.foreign_keys:
        yield from missing(reference.fields, schema, "foreignKeys")
        target = reference.resource or resource.name
        others = {r.name: r for r in package.resources}
        if target not in others:
            note = f"{where}: foreignKeys names the unknown resource {target!r};{did_you_mean(target, others)}"
            yield _fault("schema", note.rstrip(";"), resource.name)
        else:
            yield from missing(reference.reference_fields, others[target].schema, "foreignKeys (reference)")
        if len(reference.fields) != len(reference.reference_fields):
            yield _fault("schema", f"{where}: a foreign key must name as many fields as it refers to", resource.name)
