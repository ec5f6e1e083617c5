"""Where in a descriptor something stands, in words and as a JSON Pointer, and the walk over its objects."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from shuttle_diplomacy.package.finding import Finding, Severity
from shuttle_diplomacy.package.profiles import PROFILES
from shuttle_diplomacy.package.shapes import shown

_KINDS = ("package", "resource", "schema", "field", "dialect")
_NAMED = ("resource", "field")
# For each profile the properties that hold objects, and the profile of these.
_NESTED = {
    profile: [
        (key, inner)
        for key, declared in properties.items()
        if (inner := declared.shape.profile or (declared.shape.item.profile if declared.shape.item else ""))
    ]
    for profile, properties in PROFILES.items()
}


def join_pointer(pointer: str, *tokens: str | int) -> str:
    """Return a JSON Pointer (RFC 6901) that leads further by some keys or positions.

    Examples:
        >>> join_pointer("/resources/0", "a/b", "~")
        '/resources/0/a~1b/~0'
    """
    return pointer + "".join("/" + str(token).replace("~", "~0").replace("/", "~1") for token in tokens)


@dataclass(slots=True)
class Place:
    """An object of a descriptor; words and pointer are put together only when something is said about it.

    Attributes:
        label: what it is, in words; for an object with a name its profile.
        kind: which of the standard's objects it belongs to; an error of it has this type.
        version: the version of the standard that counts.
        path: the file that a reference named, where it is not in the package's descriptor.
        outer: the object around it.
        tokens: how it is reached from there.
        value: the object itself, if it has a name.
    """

    label: str = "package"
    kind: str = "package"
    version: str = "2"
    path: str = ""
    outer: "Place | None" = None
    tokens: tuple[str | int, ...] = ()
    value: dict[str, Any] = field(default_factory=dict)

    @property
    def where(self) -> str:
        """Return the place in words."""
        if self.outer is None or self.label == "constraints":
            return self.outer.where if self.outer else self.label
        name = self.value.get("name")
        number = self.tokens[-1]
        label = f"{self.label} {number + 1}" if isinstance(number, int) else self.label
        if self.label in _NAMED and isinstance(name, str) and name:
            label = f"{self.label} {shown(name)}"
        if self.label == "resource":
            return label
        base = self.outer.where
        return f"{base.removesuffix(', schema') if self.label in ('field', 'foreign key') else base}, {label}"

    @property
    def pointer(self) -> str:
        """Return the JSON Pointer, into the file at ``path`` where there is one."""
        inside = self.outer is not None and self.outer.path == self.path
        return join_pointer(self.outer.pointer, *self.tokens) if inside and self.outer else ""

    def named(self, profile: str) -> str | None:
        """Return the name of the resource or field that this is, or is part of; None where there is none."""
        if self.label == profile:
            name = self.value.get("name")
            return name if isinstance(name, str) else None
        return self.outer.named(profile) if self.outer else None

    def error(self, note: str, *tokens: str | int, severity: Severity = "error", kind: str = "") -> Finding:
        """Return a finding about the object, or about what stands in it; "it" becomes the object's place."""
        return Finding(
            kind or f"{self.kind}-error",
            f"{self.where} {note[3:]}" if note.startswith("it ") else f"{self.where}: {note}",
            resource=self.named("resource") or "",
            path=self.path,
            field_name=self.named("field"),
            severity=severity,
            pointer=join_pointer(self.pointer, *tokens),
        )

    def warning(self, kind: str, note: str, *tokens: str | int) -> Finding:
        """Return a warning about the object, or about what stands in it."""
        return self.error(note, *tokens, severity="warning", kind=kind)

    def inside(self, profile: str, value: dict[str, Any], *tokens: str | int) -> "Place":
        """Return the place of an object that stands in this one."""
        kind = profile if profile in _KINDS else self.kind
        return Place(profile, kind, self.version, self.path, self, tokens, value)

    def in_file(self, profile: str, path: str, version: str) -> "Place":
        """Return the place of a schema or dialect that stands in a file of its own."""
        return Place(f"{profile} ({shown(path)})", profile, version, path, self, (profile,))


def objects(profile: str, value: Any, place: Place) -> Iterator[tuple[str, dict[str, Any], Place]]:
    """Yield an object and all objects in it that the standard knows, with profile and place; anything else is skipped.

    Examples:
        >>> [place.where for _, _, place in objects("package", {"resources": [{"name": "a", "schema": {}}]}, Place())]
        ['package', "resource 'a'", "resource 'a', schema"]
    """
    if not isinstance(value, dict):
        return
    yield profile, value, place
    for key, inner in _NESTED[profile]:
        nested = value.get(key)
        if isinstance(nested, dict) and PROFILES[profile][key].shape.profile:
            yield from objects(inner, nested, place.inside(inner, nested, key))
        elif isinstance(nested, list) and PROFILES[profile][key].shape.item:
            for position, item in enumerate(nested):
                if isinstance(item, dict):
                    yield from objects(inner, item, place.inside(inner, item, key, position))
