"""Small descriptors, and what is said about them."""

from pathlib import Path
from typing import Any

from shuttle_diplomacy.package import Finding, Package
from shuttle_diplomacy.package.metadata import check_meaning, check_shape
from shuttle_diplomacy.package.storage import Folder

V1 = "https://datapackage.org/profiles/1.0/datapackage.json"
V2 = "https://datapackage.org/profiles/2.0/datapackage.json"


def package(standard: str = V2, /, **properties: Any) -> dict[str, Any]:
    return {"$schema": standard, "resources": [{"name": "a", "path": "a.csv"}], **properties}


def resource(standard: str = V2, /, **properties: Any) -> dict[str, Any]:
    located = {} if {"path", "data", "url"} & set(properties) else {"path": "a.csv"}
    return package(standard, resources=[{"name": "a", **located, **properties}])


def schema(standard: str = V2, /, **properties: Any) -> dict[str, Any]:
    return resource(standard, schema={"fields": [{"name": "x", "type": "string"}, {"name": "y"}], **properties})


def field(standard: str = V2, /, **properties: Any) -> dict[str, Any]:
    return resource(standard, schema={"fields": [{"name": "x", **properties}]})


def dialect(standard: str = V2, /, **properties: Any) -> dict[str, Any]:
    return resource(standard, dialect=properties)


def found(descriptor: Any, root: Path = Path("nowhere")) -> list[Finding]:
    return check_shape(descriptor) or check_meaning(Package(descriptor, Folder(root)))


def said(descriptor: Any, severity: str = "error") -> list[tuple[str, str | None, str]]:
    """Return type, pointer and note of what is found."""
    return [(f.type, f.pointer, f.note) for f in found(descriptor) if f.severity == severity]
