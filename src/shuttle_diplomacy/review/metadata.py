"""What differs in the descriptors of two packages beside their schemas and their rows."""

import hashlib
import json
from collections.abc import Iterator
from typing import Any

from shuttle_diplomacy.errors import ShuttleError
from shuttle_diplomacy.package import Package, Resource
from shuttle_diplomacy.review.difference import Change

NOISE = ("bytes", "hash", "created", "version")
_OWN = ("resources", "schema", "data")
_PIECE = 1 << 20
# What others call the package by; the recipe wants a major version where it changes.
_IDENTITY = ("name", "id")


def version(package: Package) -> str | None:
    """Return the declared version of a package, or None; what is no text as JSON."""
    value = package.descriptor.get("version")
    return value if value is None or isinstance(value, str) else json.dumps(value)


def package_changes(old: Package, new: Package) -> tuple[list[Change], list[Change]]:
    """Return what changed in a package's own properties and in its files that are no tables, and the noise."""
    changes, noise = _split(_properties(old.descriptor, new.descriptor))
    before = {r.name: r for r in old.resources if not r.is_table}
    after = {r.name: r for r in new.resources if not r.is_table}
    for name in sorted(before.keys() | after.keys()):
        if name not in before or name not in after:
            kind = "file-added" if name in after else "file-removed"
            changes.append(Change(kind, name))
            continue
        found, more = _split(_properties(before[name].descriptor, after[name].descriptor))
        changes += [Change(change.kind, f"{name}: {change.what}", "", change.before, change.after) for change in found]
        noise += more
        if _digest(before[name]) != _digest(after[name]):
            changes.append(Change("file-changed", name))
    return changes, noise


def resource_changes(old: Resource, new: Resource) -> tuple[list[Change], list[Change]]:
    """Return what changed in the properties of a table, and the noise."""
    return _split(_properties(old.descriptor, new.descriptor))


def renamed_tables(before: dict[str, Resource], after: dict[str, Resource]) -> dict[str, str]:
    """Return the former names of tables of which only the name changed: the fields and the content are the same."""
    gone = [(_content(before[name]), name) for name in before.keys() - after.keys()] if after.keys() - before else []
    come = [(_content(after[name]), name) for name in after.keys() - before.keys()] if gone else []
    of_one = {content for content, _ in gone if sum(content == other for other, _ in gone) == 1}
    of_one &= {content for content, _ in come if sum(content == other for other, _ in come) == 1}
    former = dict(gone)
    return {name: former[content] for content, name in come if content in of_one}


def _content(table: Resource) -> tuple[str, ...]:
    return _digest(table), *table.schema.names


def _split(changes: Iterator[Change]) -> tuple[list[Change], list[Change]]:
    found: list[Change] = []
    noise: list[Change] = []
    for change in changes:
        (noise if change.what in NOISE else found).append(change)
    return found, noise


def _properties(old: Any, new: Any, path: str = "") -> Iterator[Change]:
    """Yield each property that differs; objects are gone into, lists are compared as a whole."""
    for key in [*new, *(key for key in old if key not in new)]:
        if not path and key in _OWN:
            continue
        before, after = old.get(key), new.get(key)
        if before == after and type(before) is type(after):
            continue
        what = f"{path}.{key}" if path else key
        if isinstance(before, dict) and isinstance(after, dict):
            yield from _properties(before, after, what)
        else:
            yield Change("identity" if what in _IDENTITY else "property", what, "", before, after)


def _digest(resource: Resource) -> str:
    """Return a digest of a file's content; of why it cannot be read, where it cannot."""
    digest = hashlib.sha256()
    if not resource.paths:
        return repr(resource.inline_data)
    try:
        for path in resource.paths:
            with resource.storage.open(path) as file:
                while piece := file.read(_PIECE):
                    digest.update(piece)
    except ShuttleError as error:
        return str(error).removeprefix(resource.storage.where)
    return digest.hexdigest()
