"""Warnings about a descriptor: keys that look misspelt or misplaced, versions that do not agree, advice that is due."""

import re
from collections.abc import Iterable, Iterator
from typing import Any

from shuttle_diplomacy.package.finding import Finding
from shuttle_diplomacy.package.hints import Hints
from shuttle_diplomacy.package.places import Place, objects
from shuttle_diplomacy.package.profiles import PROFILES, Property
from shuttle_diplomacy.package.shapes import shown
from shuttle_diplomacy.package.versions import RECOMMENDED, Version

_SEMVER = re.compile(
    r"(0|[1-9]\d*)(\.(0|[1-9]\d*)){2}"
    r"(-(0|[1-9]\d*|\d*[A-Za-z-][0-9A-Za-z-]*)(\.(0|[1-9]\d*|\d*[A-Za-z-][0-9A-Za-z-]*))*)?"
    r"(\+[0-9A-Za-z-]+(\.[0-9A-Za-z-]+)*)?",
    re.ASCII,
)
_PLAIN_NAME = re.compile(r"[a-z0-9._-]+", re.ASCII)
# Where a key is looked for if an object does not know it: what stands beside, inside and around that object.
_NEIGHBOURS = {
    "package": ("resource",),
    "resource": ("schema", "dialect", "package"),
    "dialect": ("resource",),
    "schema": ("field", "resource"),
    "field": ("constraints", "schema"),
    "constraints": ("field",),
    "foreign key": ("reference",),
    "reference": ("foreign key",),
}
# How like a known key another one has to be to look misspelt: few have keys of their own in the last two.
_MISSPELT = 0.78
_MISSPELT_IN = {"dialect": 0.7, "constraints": 0.6}
_ARTICLES = {"constraints": ""}
_BELONGS = {
    ("field", "constraints"): "it is a constraint and belongs into 'constraints'",
    ("constraints", "field"): "it belongs to the field itself, beside 'constraints'",
    ("resource", "schema"): "it belongs into its 'schema'",
    ("resource", "dialect"): "it belongs into its 'dialect'",
    ("schema", "field"): "it belongs to one of its fields",
    ("package", "resource"): "it belongs to one of its resources",
}
# Keys that mean much the same anywhere, so that nobody has put them in the wrong place.
_ANYWHERE = {
    *("$schema", "name", "type", "title", "description", "format", "version", "homepage", "keywords"),
    *("created", "contributors", "id", "image", "path", "profile", "example", "property", "table", "url"),
    *("itemType", "label", "value", "sources", "licenses"),
}
# Keys of published recipes and of other tools, which only look like misspelt ones.
_FAMILIAR = {
    *("scheme", "compression", "hashing", "innerpath", "extrapaths", "control", "layout", "stats", "hash"),
    *("labels", "languages", "package", "unit", "units", "comment", "comments", "note", "notes", "status"),
    *("tags", "names", "files", "formats"),
}


def advise(roots: Iterable[tuple[str, dict[str, Any], Place]], version: Version, hints: Hints) -> Iterator[Finding]:
    """Yield the warnings about a package's descriptor and the files that it refers to.

    Args:
        roots: the descriptor and those files, each with its profile and place.
        version: the version that the descriptor declares.
        hints: looks for near names.
    """
    newer: dict[tuple[str, str], tuple[Place, int]] = {}
    for profile, content, place in roots:
        if profile == "package":
            yield from _check_package(content, place, version)
        for kind, value, at in objects(profile, content, place):
            for key in value:
                declared = PROFILES[kind].get(key)
                if declared is None:
                    yield from _unknown(kind, key, at, hints)
                elif _disagrees(declared, value[key], key, at):
                    first, count = newer.get((kind, key), (at, 0))
                    newer[kind, key] = first, count + 1
            for key in _ways_of_version_2(kind, value, at):
                first, count = newer.get((kind, key), (at, 0))
                newer[kind, key] = first, count + 1
            if kind == "resource":
                yield from _check_name(value, at)
    for (kind, key), (place, count) in newer.items():
        yield _disagreement(kind, key, place, count)


def _check_package(value: dict[str, Any], place: Place, version: Version) -> Iterator[Finding]:
    if version.note:
        yield place.warning("unknown-profile", version.note, version.key)
    stated = value.get("version")
    if isinstance(stated, str) and not _SEMVER.fullmatch(stated):
        note = f"'version' is {shown(stated)}, but should be a semantic version, as 1.0.0 (https://semver.org)"
        yield place.warning("recommendation", note, "version")


def _check_name(value: dict[str, Any], place: Place) -> Iterator[Finding]:
    if place.version != "1" and not _PLAIN_NAME.fullmatch(value["name"]):
        note = "its name should have only lower-case letters, digits, '.', '-' and '_'"
        yield place.warning("recommendation", note, "name")


def _unknown(kind: str, key: str, place: Place, hints: Hints) -> Iterator[Finding]:
    """Yield a warning about a key that looks misplaced or misspelt; any other key is someone's own."""
    if ":" in key or "@" in key or key.startswith("_") or key in _FAMILIAR:
        return
    if key not in _ANYWHERE:
        for other in _NEIGHBOURS.get(kind, ()):
            if key in PROFILES[other]:
                belongs = _BELONGS.get((kind, other), f"it belongs to the {other}")
                note = f"{key!r} is no property of {_ARTICLES.get(kind, 'a ')}{kind}; {belongs}"
                yield place.warning("unknown-property", note, key)
                return
    if near := hints.near(key, PROFILES[kind], _MISSPELT_IN.get(kind, _MISSPELT)):
        yield place.warning("unknown-property", f"{key!r} is no property of the standard;{near}", key)


def _disagrees(declared: Property, value: Any, key: str, place: Place) -> bool:
    """Return whether a property is not one of the version that counts."""
    if place.version != "1" or declared.until < 1:
        return declared.until < int(place.version)
    return declared.since > 1 and key != "$schema" and not (declared.own and not declared.shape.fits(value))


def _ways_of_version_2(kind: str, value: dict[str, Any], place: Place) -> Iterator[str]:
    """Yield the properties that version 1 knows, but not in this way."""
    if place.version == "1":
        if kind == "field" and value.get("type") == "integer" and "groupChar" in value:
            yield "groupChar"
        if kind == "reference" and "resource" not in value:
            yield "resource"


def _disagreement(kind: str, key: str, place: Place, count: int) -> Finding:
    more = f" (the first of {count:,})" if count > 1 else ""
    declare = f'declare "$schema": "{RECOMMENDED}"'
    if key == "url":
        note = f"'url' is an older spelling, which is heeded{more}; write 'path'"
    elif place.version != "1":
        note = f"{key!r} is no longer a property in version 2{more}; it is ignored"
    elif kind == "reference":
        note = f"version 1 spells a reference to the same resource 'resource': \"\", it is left out{more}; {declare}"
    else:
        what = "'groupChar' of an integer" if kind == "field" and key == "groupChar" else repr(key)
        note = f"{what} comes with version 2 and is heeded, but the descriptor is of version 1{more}; {declare}"
    return place.warning("version-mismatch", note, key)
