"""What a descriptor means, where its shape is right: names, keys, constraints and paths that no profile can judge."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from itertools import islice
from typing import Any

from shuttle_diplomacy.errors import UnreadableError, UnsafePathError
from shuttle_diplomacy.package.advice import advise
from shuttle_diplomacy.package.checking import MOST_FINDINGS, faults_of, hinders
from shuttle_diplomacy.package.fields import check_field
from shuttle_diplomacy.package.finding import Finding
from shuttle_diplomacy.package.hints import Hints
from shuttle_diplomacy.package.model import Package, Resource, Schema
from shuttle_diplomacy.package.places import Place
from shuttle_diplomacy.package.shapes import is_url, shown
from shuttle_diplomacy.package.storage import safe_path
from shuttle_diplomacy.package.versions import version_of


def check_references(package: Package) -> list[Finding]:
    """Return what is wrong with the schemas and dialects that stand in files of their own, with their shape too.

    The package's own descriptor has to be of the right shape.
    """
    found: list[Finding] = []
    for position, resource in enumerate(package.resources):
        place = place_of(package, resource, position)
        for key in ("schema", "dialect"):
            reference = resource.descriptor.get(key)
            if not isinstance(reference, str):
                continue
            try:
                content = resource.schema.descriptor if key == "schema" else resource.dialect
            except (UnreadableError, UnsafePathError) as error:
                found.append(place.error(f"{key!r} cannot be read: {error}", key, kind=f"{key}-error"))
                continue
            found += faults_of(key, content, _inside(resource, place, key))
    return found[:MOST_FINDINGS]


def check_meaning(package: Package) -> list[Finding]:
    """Return what is wrong with a descriptor whose shape does not hinder; what deserves only a warning is one.

    What is wrong with referenced schemas and dialects comes first, and alone if it hinders.
    """
    found = check_references(package)
    if any(map(hinders, found)):
        return found
    return found + list(islice(_meaning(package), MOST_FINDINGS))


def _meaning(package: Package) -> Iterator[Finding]:
    hints = Hints()
    root = Place(version=package.version_of_standard)
    roots: list[tuple[str, dict[str, Any], Place]] = [("package", package.descriptor, root)]
    names = [resource.name for resource in package.resources]
    times = Counter(names)
    for position in _repeated(names):
        note = f"{times[names[position]]} resources are named {shown(names[position])}; a name must occur once"
        yield root.error(note, "resources", position, "name")
    others = {resource.name: resource for resource in package.resources}
    for position, resource in enumerate(package.resources):
        place = place_of(package, resource, position)
        yield from _check_paths(resource, place)
        schema = _inside(resource, place, "schema")
        yield from _check_schema(resource.schema, others, schema, hints)
        for key in ("schema", "dialect"):
            if isinstance(resource.descriptor.get(key), str):
                content = resource.schema.descriptor if key == "schema" else resource.dialect
                roots.append((key, content, _inside(resource, place, key)))
    yield from advise(roots, version_of(package.descriptor), hints)


def place_of(package: Package, resource: Resource, position: int) -> Place:
    """Return the place of a resource in the descriptor."""
    root = Place(version=package.version_of_standard)
    return root.inside("resource", resource.descriptor, "resources", position)


def _inside(resource: Resource, place: Place, key: str) -> Place:
    """Return the place of a resource's schema or dialect, which may stand in a file of its own."""
    reference = resource.descriptor.get(key)
    if not isinstance(reference, str):
        return place.inside(key, {}, key)
    content = resource.schema.descriptor if key == "schema" else resource.dialect
    version = version_of(content).number if "$schema" in content else place.version
    return place.in_file(key, reference, version)


def _repeated(values: Iterable[Any]) -> Iterator[int]:
    """Yield the position of the second occurrence of each value that occurs more than once."""
    count: dict[Any, int] = {}
    for position, value in enumerate(values):
        count[value] = count.get(value, 0) + 1
        if count[value] == 2:  # noqa: PLR2004 (the second one)
            yield position


def _check_paths(resource: Resource, place: Place) -> Iterator[Finding]:
    key = "path" if "path" in resource.descriptor else "url"
    several = isinstance(resource.descriptor.get(key), list)
    for position, path in enumerate(resource.paths):
        tokens = (key, position) if several else (key,)
        if is_url(path):
            continue
        if "://" in path:
            yield place.error(f"{shown(path)} is no address with http, https, ftp or ftps", *tokens)
            continue
        try:
            safe_path(path)
        except UnsafePathError as error:
            yield place.error(str(error), *tokens)


def _check_schema(schema: Schema, others: dict[str, Resource], place: Place, hints: Hints) -> Iterator[Finding]:
    names = schema.names
    known = set(names)
    repeated = {names[position]: position for position in _repeated(names)}
    times = Counter(names) if repeated else Counter()
    for name, position in repeated.items():
        note = f"{times[name]} fields are named {shown(name)}; a name should occur once"
        yield place.warning("recommendation", note, "fields", position, "name")  # no error: version 1 allowed it
    yield from _check_missing_values(schema.descriptor, place)
    for position, field in enumerate(schema.fields):
        at = place.inside("field", field.descriptor, "fields", position)
        yield from _check_missing_values(field.descriptor, at)
        yield from check_field(field, at)
    yield from _check_keys(schema, known, set(repeated), place, hints)
    yield from _check_foreign_keys(schema, others, place, hints)


def _check_missing_values(owner: dict[str, Any], place: Place) -> Iterator[Finding]:
    listed = owner.get("missingValues", [])
    values = [item["value"] if isinstance(item, dict) else item for item in listed]
    labels = [
        item["label"] if isinstance(item, dict) and "label" in item else position
        for position, item in enumerate(listed)
    ]
    for what, texts in (("value", values), ("label", labels)):
        for position in _repeated(texts):
            note = f"missingValues holds the {what} {shown(texts[position])} twice"
            yield place.error(note, "missingValues", position)


def _check_keys(schema: Schema, known: set[str], repeated: set[str], place: Place, hints: Hints) -> Iterator[Finding]:
    declared = schema.descriptor
    keys: list[tuple[str, tuple[str, ...], tuple[str | int, ...]]] = []
    keys += [("primaryKey", schema.primary_key, ("primaryKey",))] if schema.primary_key else []
    keys += [("uniqueKeys", key, ("uniqueKeys", n)) for n, key in enumerate(schema.unique_keys)]
    for number, foreign in enumerate(declared.get("foreignKeys", [])):
        fields = (foreign["fields"],) if isinstance(foreign["fields"], str) else tuple(foreign["fields"])
        keys.append(("foreignKeys", fields, ("foreignKeys", number, "fields")))
    for what, fields, tokens in keys:
        yield from _check_names(what, fields, known, tokens, place, hints)
        for position in _repeated(fields):
            yield place.error(f"{what} names the field {shown(fields[position])} twice", *tokens)
        for name in sorted(repeated & set(fields)):
            yield place.error(f"{what} names {shown(name)}, which is the name of several fields", *tokens)


def _check_names(
    what: str, fields: Iterable[str], known: Collection[str], tokens: tuple[str | int, ...], place: Place, hints: Hints
) -> Iterator[Finding]:
    for name in fields:
        if name not in known:
            note = f"{what} names the unknown field {shown(name)};{hints.near(name, known)}"
            yield place.error(note.rstrip(";"), *tokens)


def _check_foreign_keys(schema: Schema, others: dict[str, Resource], place: Place, hints: Hints) -> Iterator[Finding]:
    names: dict[str, set[str]] = {}
    for number, key in enumerate(schema.foreign_keys):
        tokens = ("foreignKeys", number, "reference")
        own = place.named("resource") or ""
        target = key.resource or own
        if key.resource and key.resource == own:
            leave = "be ''" if schema.version == "1" else "be left out"
            note = f"a reference to fields of the same table names it, {shown(own)}; 'resource' has to {leave}"
            yield place.error(note, *tokens, "resource")
        if target not in others:
            note = f"foreignKeys names the unknown resource {shown(target)};{hints.near(target, others)}"
            yield place.error(note.rstrip(";"), *tokens, "resource")
            continue
        if target not in names:
            names[target] = set(others[target].schema.names)
        what = "foreignKeys (reference)"
        yield from _check_names(what, key.reference_fields, names[target], (*tokens, "fields"), place, hints)
        times = Counter(others[target].schema.names)
        for name in sorted(n for n in set(key.reference_fields) if times[n] > 1):
            note = f"{what} names {shown(name)}, which is the name of several fields"
            yield place.error(note, *tokens, "fields")
        if len(key.fields) != len(key.reference_fields):
            yield place.error("a foreign key must name as many fields as it refers to", *tokens, "fields")
