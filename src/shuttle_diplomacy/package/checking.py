"""The shape of a descriptor: whether each known property has a value of the form that the standard demands."""

import re
from collections.abc import Callable, Iterator, Mapping
from itertools import islice
from typing import Any

from shuttle_diplomacy.package.finding import Finding
from shuttle_diplomacy.package.places import Place, objects
from shuttle_diplomacy.package.profiles import PROFILES, REQUIRED, REQUIRED_IN_VERSION_1
from shuttle_diplomacy.package.shapes import Shape, is_url, shown
from shuttle_diplomacy.package.versions import version_of

MOST_FINDINGS = 100_000  # nobody reads more about one descriptor, and each takes memory
# What is only told to people: nothing that reads the data looks at it.
_TOLD = re.compile(
    r"(?!/resources(?:/|$)).+"
    r"|/resources/\d+/(?:title|description|sources|licenses)(?:/.*)?"
    r"|(?:/resources/\d+/schema)(?:/fields/\d+)?/(?:title|description|rdfType)",
    re.DOTALL,
)
_TOLD_IN_FILE = re.compile(r"(?:/fields/\d+)?/(?:title|description|rdfType)")
_NO_RESOURCES = "'resources' has to be a list with at least one resource"


def check_shape(descriptor: Any) -> list[Finding]:
    """Return what is wrong with the shape of a descriptor; the model can be used where none of it hinders.

    Only errors; warnings come from :func:`~shuttle_diplomacy.package.meaning.check_meaning`.

    Examples:
        >>> found = check_shape({"resources": [{"name": "a", "path": "a.csv", "bytes": "3"}]})
        >>> found[0].note, found[0].pointer
        ("resource 'a': 'bytes' is '3', but has to be a whole number from 0", '/resources/0/bytes')
    """
    if not isinstance(descriptor, dict):
        return [Place().error(f"the descriptor is {shown(descriptor)}, but has to be an object")]
    place = Place(version=version_of(descriptor).number)
    return list(islice(faults_of("package", descriptor, place), MOST_FINDINGS))


def hinders(finding: Finding) -> bool:
    """Return whether an error of shape keeps the model from being used; one in what is only told does not.

    Examples:
        >>> broken = {"created": "yesterday", "resources": [{"name": "a", "path": 3}]}
        >>> [(f.pointer, hinders(f)) for f in check_shape(broken)]
        [('/created', False), ('/resources/0/path', True)]
    """
    told = _TOLD_IN_FILE if finding.path else _TOLD
    return finding.severity == "error" and not told.fullmatch(finding.pointer or "")


def faults_of(profile: str, value: dict[str, Any], place: Place) -> Iterator[Finding]:
    """Yield what is wrong with the shape of an object and of all objects in it."""
    for kind, found, at in objects(profile, value, place):
        yield from _missing(kind, found, at)
        for key, content in found.items():
            declared = PROFILES[kind].get(key)
            if declared and not (declared.own and at.version == "1"):
                yield from _misshapen(declared.shape_in(at.version), content, key, at)
        if kind in _FURTHER:
            yield from _FURTHER[kind](found, at)


def _missing(kind: str, value: dict[str, Any], place: Place) -> Iterator[Finding]:
    for key in REQUIRED.get(kind, ()):
        if key not in value:
            yield place.error(_NO_RESOURCES if key == "resources" else f"it has no {key}")
    if place.version == "1":
        for key in REQUIRED_IN_VERSION_1.get(kind, ()):
            if key not in value:
                yield place.error(f"it has no {key}, which version 1 of the standard demands")


def _misshapen(shape: Shape, value: Any, key: str, place: Place) -> Iterator[Finding]:
    if not shape.fits(value):
        yield place.error(f"{key!r} is {shown(value)}, but has to be {shape.wanted}", key)
    elif shape.item and isinstance(value, list):
        for position, item in enumerate(value):
            if not shape.item.fits(item):
                note = f"item {position + 1} of {key!r} is {shown(item)}, but has to be {shape.item.wanted}"
                yield place.error(note, key, position)


def _check_resource(value: dict[str, Any], place: Place) -> Iterator[Finding]:
    located = "path" in value or "url" in value  # the older spelling
    if located == ("data" in value):
        both = ", not both" if located else ""
        yield place.error(f"it needs either a path or data{both}")
    if isinstance(value.get("path"), list) and len({is_url(path) for path in value["path"]}) > 1:
        yield place.error("'path' mixes addresses and relative paths; all have to be of one kind", "path")
    data = value.get("data")
    if isinstance(data, str) and not ("format" in value or "mediatype" in value):
        yield place.error("'data' is a text, so that 'format' or 'mediatype' has to say what is in it", "data")
    elif "data" in value and value.get("type") == "table" and place.version != "1" and not _is_rows(data):
        yield place.error("'data' of a table has to be a list of lists or of objects", "data")


def _is_rows(data: Any) -> bool:
    return isinstance(data, list) and all(isinstance(row, list | dict) for row in data)


def _check_dialect(value: dict[str, Any], place: Place) -> Iterator[Finding]:
    if {"escapeChar", "quoteChar"} <= set(value):
        yield place.error("'escapeChar' and 'quoteChar' exclude each other; declare one of them", "escapeChar")


def _check_not_empty(value: dict[str, Any], place: Place) -> Iterator[Finding]:
    if not value and place.version != "1":  # version 1 has asked for a title already
        yield place.error("it is empty, but has to have at least one property")


def _check_license(value: dict[str, Any], place: Place) -> Iterator[Finding]:
    if "name" not in value and "path" not in value:
        yield place.error("it needs a name, a path or both")


_FURTHER: Mapping[str, Callable[[dict[str, Any], Place], Iterator[Finding]]] = {
    "resource": _check_resource,
    "dialect": _check_dialect,
    "contributor": _check_not_empty,
    "source": _check_not_empty,
    "license": _check_license,
}
